//
// AudioRing: one stream of audio between the conference bridge and Python, with no Python on the media clock.
//
// The bridge's clock thread puts what it hears into one ring (rx) and takes what it plays from another (tx). Python
// drains and fills them in bulk whenever it likes. Each ring has one writer and one reader and takes no lock, so a
// busy interpreter can delay its own audio but never anybody else's.
//
// Samples are 16 bit signed, mono, native byte order, at the clock rate given; sizes and counters are in samples
// unless their name says otherwise. Every method may be called from any Python thread: the interpreter lock, which
// they keep, makes Python the single writer of tx and the single reader of rx.
//
// The port's memory belongs to a reference-counted state that its last user frees, because the bridge lets go of a
// removed port later than the call that removes it returns.
//
%{
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>
#include <pjsua-lib/pjsua.h>

namespace strowger {

// Positions count samples since the start and never wrap (2^64 samples at 8 kHz are 73 million years).
class SampleRing {
    std::vector<int16_t> slots_;
    std::atomic<uint64_t> head_{0};       // the writer's: samples ever pushed
    std::atomic<uint64_t> tail_{0};       // the reader's: samples ever taken; skip() moves it too

    // Calls copy(first slot, offset in the caller's block, length) once, or twice where the ring wraps.
    template <typename Copy> void in_pieces(uint64_t position, size_t count, Copy copy) {
        const size_t start = static_cast<size_t>(position % slots_.size());
        const size_t first = std::min(count, slots_.size() - start);
        copy(&slots_[start], 0, first);
        if (count > first)
            copy(&slots_[0], first, count - first);
    }

public:
    explicit SampleRing(size_t samples) : slots_(std::max<size_t>(samples, 1)) {}

    // Writer. A null block means silence. Returns how many samples found room.
    size_t push(const int16_t *block, size_t count) {
        const uint64_t head = head_.load(std::memory_order_relaxed);
        const size_t used = static_cast<size_t>(head - tail_.load(std::memory_order_acquire));
        count = std::min(count, slots_.size() - used);
        in_pieces(head, count, [block](int16_t *slot, size_t offset, size_t length) {
            if (block)
                std::memcpy(slot, block + offset, length * sizeof(int16_t));
            else
                std::memset(slot, 0, length * sizeof(int16_t));
        });
        head_.store(head + count, std::memory_order_release);
        return count;
    }

    // Reader. Returns how many samples were there. When the writer skips meanwhile, the copy may mix old samples
    // with new ones: the tail has moved then, the copy is thrown away and made again from the new place.
    size_t pop(int16_t *block, size_t count) {
        uint64_t tail = tail_.load(std::memory_order_acquire);
        for (;;) {
            const size_t held = static_cast<size_t>(head_.load(std::memory_order_acquire) - tail);
            const size_t taken = std::min(count, held);
            in_pieces(tail, taken, [block](int16_t *slot, size_t offset, size_t length) {
                std::memcpy(block + offset, slot, length * sizeof(int16_t));
            });
            if (tail_.compare_exchange_strong(tail, tail + taken, std::memory_order_acq_rel, std::memory_order_acquire))
                return taken;
        }
    }

    // Writer. Throws away what was pushed so far, at once; what is pushed from now on stays.
    void skip() { tail_.store(head_.load(std::memory_order_relaxed), std::memory_order_release); }

    // Either side. The tail first: the head only grows, so the difference is never negative.
    size_t held() const {
        const uint64_t tail = tail_.load(std::memory_order_acquire);
        return static_cast<size_t>(head_.load(std::memory_order_acquire) - tail);
    }
};

struct RingState {
    SampleRing rx, tx;
    const size_t frame_samples;
    pj_pool_t *pool = nullptr;
    std::atomic<uint64_t> frames{0}, dropped{0}, played{0};

    RingState(size_t frame, size_t rx_samples, size_t tx_samples)
        : rx(rx_samples), tx(tx_samples), frame_samples(frame) {}
};
using RingStatePtr = std::shared_ptr<RingState>;

static RingState &ring_state(pjmedia_port *port) {
    return **static_cast<RingStatePtr *>(port->port_data.pdata);
}

// Clock thread: the bridge hands over one frame. A frame without audio is a frame of silence, so that the time
// line of rx has no holes.
static pj_status_t ring_put_frame(pjmedia_port *port, pjmedia_frame *frame) {
    RingState &state = ring_state(port);
    const bool audio = frame->type == PJMEDIA_FRAME_TYPE_AUDIO && frame->size > 0;
    const size_t count = audio ? frame->size / sizeof(int16_t) : state.frame_samples;
    const size_t kept = state.rx.push(audio ? static_cast<const int16_t *>(frame->buf) : nullptr, count);
    state.frames.fetch_add(1, std::memory_order_relaxed);
    state.dropped.fetch_add(count - kept, std::memory_order_relaxed);
    return PJ_SUCCESS;
}

// Clock thread: the bridge asks for one frame. A last, short block is filled up with silence.
static pj_status_t ring_get_frame(pjmedia_port *port, pjmedia_frame *frame) {
    RingState &state = ring_state(port);
    int16_t *block = static_cast<int16_t *>(frame->buf);
    const size_t wanted = frame->size / sizeof(int16_t);
    const size_t got = state.tx.pop(block, wanted);
    if (got == 0) {
        frame->type = PJMEDIA_FRAME_TYPE_NONE;
        frame->size = 0;
        return PJ_SUCCESS;
    }
    std::memset(block + got, 0, (wanted - got) * sizeof(int16_t));
    frame->type = PJMEDIA_FRAME_TYPE_AUDIO;
    state.played.fetch_add(got, std::memory_order_relaxed);
    return PJ_SUCCESS;
}

// Whoever drops the last reference to the port, the bridge or us.
static pj_status_t ring_on_destroy(pjmedia_port *port) {
    RingStatePtr *holder = static_cast<RingStatePtr *>(port->port_data.pdata);
    pj_pool_t *pool = (*holder)->pool;
    delete holder;
    pj_pool_release(pool);
    return PJ_SUCCESS;
}

// The garbage collector deletes on whichever thread it runs; the library refuses threads it has not met.
static void ring_register_thread() {
    static thread_local pj_thread_desc description;
    pj_thread_t *thread = nullptr;
    if (!pj_thread_is_registered())
        pj_thread_register("audio_ring", description, &thread);
}

static bool library_is_up() {
    const pjsua_state state = pjsua_get_state();
    return state != PJSUA_STATE_NULL && state < PJSUA_STATE_CLOSING;
}

static void ring_check(pj_status_t status, const char *what) {
    if (status != PJ_SUCCESS)
        throw pj::Error(status, what, "", __FILE__, __LINE__);
}

class AudioRing : public pj::AudioMedia {
    RingStatePtr state_;
    pjmedia_port *port_ = nullptr;

    void make_port(const std::string &name, unsigned clock_rate) {
        pj_pool_t *pool = pjsua_pool_create("audio_ring%p", 1000, 1000);
        ring_check(pool ? PJ_SUCCESS : PJ_ENOMEM, "AudioRing: pool");
        state_->pool = pool;
        pj_str_t port_name;
        pj_strdup2_with_null(pool, &port_name, name.c_str());
        port_ = PJ_POOL_ZALLOC_T(pool, pjmedia_port);
        pjmedia_port_info_init(&port_->info, &port_name, PJMEDIA_SIG_CLASS_APP('R', 'N', 'G'), clock_rate, 1, 16,
                               static_cast<unsigned>(state_->frame_samples));
        port_->port_data.pdata = new RingStatePtr(state_);
        port_->put_frame = &ring_put_frame;
        port_->get_frame = &ring_get_frame;
        port_->on_destroy = &ring_on_destroy;
        const pj_status_t status = pjmedia_port_init_grp_lock(port_, pool, nullptr);
        if (status != PJ_SUCCESS) {
            ring_on_destroy(port_);
            port_ = nullptr;
        }
        ring_check(status, "AudioRing: port");
    }

    void drop_port() {
        if (port_)
            pjmedia_port_destroy(port_);
        port_ = nullptr;
    }

public:
    AudioRing(const std::string &name, unsigned clock_rate, unsigned rx_ms, unsigned tx_ms) {
        ring_check(library_is_up() ? PJ_SUCCESS : PJ_EINVALIDOP, "AudioRing: no endpoint");
        ring_check(clock_rate >= 1000 && clock_rate % 50 == 0 ? PJ_SUCCESS : PJ_EINVAL, "AudioRing: clock rate");
        ring_register_thread();
        const size_t per_ms = clock_rate / 1000;
        state_ = std::make_shared<RingState>(clock_rate / 50, rx_ms * per_ms, tx_ms * per_ms);
        make_port(name, clock_rate);
        try {
            registerMediaPort2(port_, state_->pool);
        } catch (pj::Error &) {
            drop_port();
            throw;
        }
    }

    // After the library has gone its pools have gone too: the port is dust, and only our own memory is left to free.
    virtual ~AudioRing() {
        if (!library_is_up())
            return;
        ring_register_thread();
        try {
            unregisterMediaPort();
        } catch (pj::Error &) {
            // Not on the bridge (any more): what was asked for.
        }
        drop_port();
    }

    size_t available() const { return state_->rx.held(); }
    size_t pending() const { return state_->tx.held(); }
    unsigned long long frames() const { return state_->frames.load(std::memory_order_relaxed); }
    unsigned long long dropped() const { return state_->dropped.load(std::memory_order_relaxed); }
    unsigned long long played() const { return state_->played.load(std::memory_order_relaxed); }
    void flush() { state_->tx.skip(); }

    PyObject *read(size_t max_samples) {
        const size_t count = std::min(state_->rx.held(), max_samples);
        PyObject *block = PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(count * sizeof(int16_t)));
        if (block)
            state_->rx.pop(reinterpret_cast<int16_t *>(PyBytes_AS_STRING(block)), count);
        return block;
    }

    PyObject *read_into(PyObject *buffer) {
        return with_samples(buffer, PyBUF_WRITABLE, [this](int16_t *block, size_t n) { return state_->rx.pop(block, n); });
    }

    PyObject *write(PyObject *samples) {
        return with_samples(samples, PyBUF_SIMPLE, [this](int16_t *block, size_t n) { return state_->tx.push(block, n); });
    }

private:
    // Lends an object's memory to a ring. Half a sample is the caller's mistake, not something to cut off silently.
    template <typename Use> static PyObject *with_samples(PyObject *object, int flags, Use use) {
        Py_buffer view;
        if (PyObject_GetBuffer(object, &view, flags) != 0)
            return nullptr;
        PyObject *result = nullptr;
        if (view.len % sizeof(int16_t))
            PyErr_SetString(PyExc_ValueError, "samples are 16 bit: the buffer must have an even number of bytes");
        else
            result = PyLong_FromSize_t(use(static_cast<int16_t *>(view.buf), view.len / sizeof(int16_t)));
        PyBuffer_Release(&view);
        return result;
    }
};

}  // namespace strowger
%}

namespace strowger {

%nothread AudioRing::available;
%nothread AudioRing::pending;
%nothread AudioRing::frames;
%nothread AudioRing::dropped;
%nothread AudioRing::played;
%nothread AudioRing::flush;
%nothread AudioRing::read;
%nothread AudioRing::read_into;
%nothread AudioRing::write;

class AudioRing : public pj::AudioMedia {
public:
    AudioRing(const std::string &name, unsigned clock_rate, unsigned rx_ms, unsigned tx_ms) throw(pj::Error);
    virtual ~AudioRing();
    size_t available() const;
    size_t pending() const;
    unsigned long long frames() const;
    unsigned long long dropped() const;
    unsigned long long played() const;
    void flush();
    PyObject *read(size_t max_samples);
    PyObject *read_into(PyObject *buffer);
    PyObject *write(PyObject *samples);
};

}  // namespace strowger
