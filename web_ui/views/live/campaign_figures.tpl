% include('live/progress.tpl', campaign=live)
% if live.get('state') == 'running' and panels.pacing_words(live, L):
<p class="pacing"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg>{{panels.pacing_words(live, L)}}</p>
% end
% readings = panels.pacing_readings(live, L)
% if readings:
<h3 class="sub">{{_('How pacing steers')}}</h3>
<dl class="figures">
% for each in readings:
  <div><dt>{{each.label}}</dt><dd>{{each.value}} <span class="muted">{{each.meaning}}</span></dd></div>
% end
</dl>
% end
% results = sorted((live.get('dispositions') or {}).items(), key=lambda each: -each[1])
% refused = sorted((live.get('refused') or {}).items(), key=lambda each: -each[1])
% if results:
<h3 class="sub">{{_('Results')}}</h3>
<dl class="counts">
% for key, count in results:
  <div><dt>{{words.word(words.DISPOSITIONS, key, L)}}</dt><dd>{{L.number(count)}}</dd></div>
% end
</dl>
% end
% offers = sorted((live.get('offers') or {}).items(), key=lambda each: -each[1])
% if offers:
<h3 class="sub">{{_('Records shown to agents')}}</h3>
<dl class="counts">
% for key, count in offers:
  <div><dt>{{words.word(words.OFFERS, key, L)}}</dt><dd>{{L.number(count)}}</dd></div>
% end
</dl>
% end
% if refused:
<h3 class="sub">{{_('Not allowed to be called')}}</h3>
<dl class="counts">
% for key, count in refused:
  <div><dt>{{words.word(words.REFUSALS, key, L)}}</dt><dd>{{L.number(count)}}</dd></div>
% end
</dl>
% end
