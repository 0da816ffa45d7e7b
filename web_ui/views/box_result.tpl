% told = result['told']
<section class="card" aria-labelledby="result-title" role="status">
  <h2 id="result-title">{{_('Line {name}: result of the test', name=result['line']) if result['action'] == 'test' else _('Line {name}: what was learnt', name=result['line'])}}</h2>
  <dl class="facts">
% for each in told.get('results', ()):
    <dt>{{view.measured(each, L)}}</dt><dd>\\
% include('live/state.tpl', state={'pass': 'up', 'warn': 'paused', 'fail': 'down'}.get(each.get('verdict'), ''), icon='check' if each.get('verdict') == 'pass' else 'alert' if each.get('verdict') in ('fail', 'warn') else 'info', word=words.word(view.VERDICTS, each.get('verdict'), L))
 {{view.measured_value(each, L)}}</dd>
% end
  </dl>
</section>
