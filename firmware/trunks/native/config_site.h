/*
 * Build-time limits of the SIP and media library: a server without sound card or video.
 *
 * The library's defaults are those of a softphone (4 to 32 calls, 64 sockets). One call takes two to four sockets,
 * up to three ports on the conference bridge and a handful of transactions; the limits below carry 256 legs.
 */

/* Calls, their ports on the bridge, and the sockets under them. */
#define PJSUA_MAX_CALLS                         256
#define PJSUA_MAX_ACC                           64
#define PJSUA_MAX_CONF_PORTS                    2048
#define PJSUA_MAX_PLAYERS                       512
#define PJSUA_MAX_RECORDERS                     512
#define PJSUA_MAX_BUDDIES                       4
#define PJ_IOQUEUE_MAX_HANDLES                  2048
#define PJ_IOQUEUE_MAX_EVENTS_IN_SINGLE_POLL    32
/* One thread polls each queue (SIP: ours; media: one worker), so a socket need not be armed anew after every packet:
 * that is one system call less per packet. */
#define PJ_IOQUEUE_DEFAULT_EPOLL_FLAGS          0

/* SIP: hash tables are sized 2^n - 1. A finished transaction lingers 32 s, hence many more of them than calls. */
#define PJSIP_MAX_TSX_COUNT                     (4096 - 1)
#define PJSIP_MAX_DIALOG_COUNT                  (2048 - 1)
#define PJSIP_MAX_TIMED_OUT_ENTRIES             64
#define PJSIP_MAX_PKT_LEN                       8000
#define PJSIP_UDP_SO_RCVBUF_SIZE                (1024 * 1024)
#define PJSIP_UDP_SO_SNDBUF_SIZE                (1024 * 1024)

/* Media: what a telephone network speaks. Peers that send RFC 4733 digits on 101 unasked are common; 120, the
 * library's own choice, loses theirs. */
#define PJMEDIA_RTP_PT_TELEPHONE_EVENTS         101
#define PJMEDIA_HAS_VIDEO                       0
#define PJMEDIA_HAS_SRTP                        1
#define PJMEDIA_SRTP_HAS_DTLS                   1
#define PJMEDIA_HAS_OPUS_CODEC                  1
#define PJMEDIA_HAS_G7221_CODEC                 0
#define PJMEDIA_HAS_ILBC_CODEC                  0
#define PJMEDIA_HAS_L16_CODEC                   0
#define PJMEDIA_HAS_SPEEX_AEC                   0
#define PJMEDIA_SOUND_USE_DELAYBUF              0

/* Check arguments of public functions at run time: a bad one is an error code, not a crash. */
#define PJ_ENABLE_EXTRA_CHECK                   1
#define PJ_LOG_MAX_LEVEL                        5
#define PJ_THREAD_DEFAULT_STACK_SIZE            (256 * 1024)
