    <div class="week">
% for day, pairs in enumerate(shown['week']):
      <div class="day">
        <label class="tick"><input type="checkbox" name="day-{{day}}" value="1"{{' checked' if any(pair[0] or pair[1] for pair in pairs) else ''}}><span>{{L.weekday_long(day)}}</span></label>
        <div class="pairs">
% for pair, (start, end) in enumerate(pairs):
          <span class="pair"><input type="time" name="from-{{day}}-{{pair}}" value="{{start}}" aria-label="{{_('{day}, window {number}, from', day=L.weekday_long(day), number=pair + 1)}}"><span aria-hidden="true">–</span><input type="time" name="to-{{day}}-{{pair}}" value="{{end}}" aria-label="{{_('{day}, window {number}, to', day=L.weekday_long(day), number=pair + 1)}}"></span>
% end
        </div>
      </div>
% end
    </div>
