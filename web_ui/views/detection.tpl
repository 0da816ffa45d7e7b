% rebase('base.tpl', title=_('Machine detection'))
% calls = report['calls']
% worded = view.worded(report)
<div class="head"><h1>{{_('Machine detection')}}</h1></div>
<p class="intro">{{_('How well the box tells people from answering machines on its own lines, by what agents said about the calls they heard. No audio is kept for this.')}}</p>
<form method="get" action="/machine-detection" class="row align-end" role="search">
  <div class="field"><label for="f-campaign">{{_('Campaign')}}</label><select id="f-campaign" name="campaign">
    <option value="">{{_('all')}}</option>
% for number, name in campaigns.items():
    <option value="{{number}}"{{' selected' if chosen and chosen.id == number else ''}}>{{name}}</option>
% end
  </select></div>
  <div class="field"><label for="f-days">{{_('Period')}}</label><select id="f-days" name="days">
% for number, text in view.PERIODS.items():
    <option value="{{number}}"{{' selected' if days == number else ''}}>{{_(text)}}</option>
% end
  </select></div>
  <button class="primary">{{_('Show')}}</button>
</form>
% if not calls['judged']:
<div class="card blank gap-top"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#detection"></use></svg><h2>{{_('No call has been judged yet')}}</h2><p>{{_('Switch on machine detection in a campaign and let it call. During the talk and in the wrap-up agents say with F9 “That was a machine” and with Shift and F9 “That was a person”; results of conversations count as well.')}}</p></div>
% else:
<div class="dashboard gap-top">
<section class="card" aria-labelledby="known-title"><h2 id="known-title">{{_('What is known')}}</h2>
  <dl class="facts">
    <dt>{{_('Calls judged')}}</dt><dd>{{L.number(calls['judged'])}}{{'' if report['complete'] else ' ' + _('(only the newest were counted)')}}</dd>
    <dt>{{_('Heard by an agent, with a word')}}</dt><dd>{{view.share(calls['heard'], L)}}</dd>
    <dt>{{_('Not heard by an agent, with a word')}}</dt><dd>{{view.share(calls['unheard'], L)}}</dd>
% audits = report.get('audits') or {}
% if audits.get('audited'):
    <dt>{{_('Machine verdicts checked by agents')}}</dt><dd>{{_('{count}, with a word {worded}, persons among them {persons}', count=L.number(audits['audited']), worded=L.number(audits['worded']), persons=L.number(audits['persons']))}}</dd>
    <dt>{{_('Persons taken for machines, estimated')}}</dt><dd>{{L.percent(audits['false_positive_share']) if audits['false_positive_share'] is not None else _('too few checks to say')}}</dd>
% end
% for how, text in view.HOW.items():
% if calls['by'].get(how):
    <dt class="muted">{{_(text)}}</dt><dd class="muted">{{L.number(calls['by'][how])}}</dd>
% end
% end
  </dl>
  <div class="note plain gap-top"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('Only agents say what a call was, and they hear only the calls that were connected. Where the box hung up because it took somebody for a machine, nobody listened: such a mistake is known only if the person complains and somebody says so in the list of calls before, or on the page of the attempt. The true share of people cut off can therefore be higher than shown here.')}}</p></div>
% if not worded:
  <p>{{_('Nobody has said anything about these calls yet. On the desk, F9 says “That was a machine” and Shift and F9 “That was a person”; here, an administrator can say it on the page of each attempt.')}}</p>
% end
</section>
<section class="card" aria-labelledby="matrix-title"><h2 id="matrix-title">{{_('Verdict and word')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Verdict and word'))}}"><table class="rows wide">
    <thead><tr><th scope="col">{{_('The box said')}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col">{{_('It was a person')}}</th><th scope="col">{{_('It was a machine')}}</th><th scope="col" class="figure">{{_('No word')}}</th></tr></thead>
    <tbody>
% for row in report['matrix']:
    <tr><th scope="row">{{words.word(words.VERDICTS, row['verdict'], L)}}</th><td class="figure">{{L.number(row['calls'])}}</td><td>{{view.share(row['person'], L)}}</td><td>{{view.share(row['machine'], L)}}</td><td class="figure">{{L.number(row['none'])}}</td></tr>
% end
    </tbody></table></div>
  <p class="hint">{{_('Shares of the calls with a word; in brackets the range the true share lies in with 95 % certainty (Wilson). “Unsure” goes to an agent like a person.')}}</p>
</section>
<section class="card" aria-labelledby="presets-title"><h2 id="presets-title">{{_('What another setting would have done')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('What another setting would have done'))}}"><table class="rows wide">
    <thead><tr><th scope="col">{{_('Setting')}}</th><th scope="col">{{_('People cut off')}}</th><th scope="col">{{_('Machines connected')}}</th><th scope="col">{{_('Connected, of those the box hung up on and nobody knows')}}</th></tr></thead>
    <tbody>
% for each in report['presets']:
% preset = each['name']
    <tr><th scope="row">{{_(view.PRESETS[preset])}}
% if preset == report['current']:
      <span class="tag">{{_('present setting')}}</span>
% end
    </th>
% for what, told in (('persons_lost', 'persons_unknown'), ('machines_through', 'machines_unknown'), ('unheard_connected', 'unheard_unknown')):
      <td>{{view.share(each[what], L)}} <span class="line muted">{{view.unknown(each[told], L)}}</span></td>
% end
    </tr>
% end
    </tbody></table></div>
  <p class="hint">{{_('Asked anew with the odds kept of each verdict, for the same calls. What the box would have heard had it listened longer cannot be told, nor can calls from before the odds were kept.')}}</p>
% advice = view.advice(report, L)
  <p class="row gap-top"><strong>{{advice.text}}</strong></p>
% if chosen and advice.preset:
  <form class="gap-top" method="post" action="/machine-detection/sensitivity"><input type="hidden" name="csrf" value="{{visit.csrf}}"><input type="hidden" name="campaign_id" value="{{chosen.id}}"><input type="hidden" name="sensitivity" value="{{advice.preset}}">
    <button class="primary">{{_('Set “{name}” to {preset}', name=chosen.settings.name, preset=_(view.PRESETS[advice.preset]))}}</button></form>
% end
% if report['persons_needed']:
  <p class="hint gap-top">{{_('Suggested is the setting that connects the fewest machines while fewer than {target} of the people are cut off, with 95 % certainty: a person taken for a machine counts as abandoned. That needs {needed} known persons.', target=L.percent(report['target']), needed=L.number(report['persons_needed']))}}</p>
% end
</section>
<section class="card" aria-labelledby="times-title"><h2 id="times-title">{{_('Seconds from the answer to the verdict')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Seconds from the answer to the verdict'))}}"><table class="rows wide">
    <thead><tr><th scope="col">{{_('The box said')}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col" class="figure">{{_('Half within')}}</th><th scope="col" class="figure">{{_('95 % within')}}</th></tr></thead>
    <tbody>
% for row in report['decided_ms']:
    <tr><th scope="row">{{_('all') if row['verdict'] == 'all' else words.word(words.VERDICTS, row['verdict'], L)}}</th><td class="figure">{{L.number(row['calls'])}}</td><td class="figure">{{view.seconds(row['p50'], L)}}</td><td class="figure">{{view.seconds(row['p95'], L)}}</td></tr>
% end
    </tbody></table></div>
</section>
<section class="card" aria-labelledby="causes-title"><h2 id="causes-title">{{_('Causes')}}</h2>
  <div class="scroll" tabindex="0" role="region" aria-label="{{_('Table: {title}', title=_('Causes'))}}"><table class="rows wide">
    <thead><tr><th scope="col">{{_('Cause')}}</th><th scope="col">{{_('The box said')}}</th><th scope="col" class="figure">{{_('Calls')}}</th><th scope="col" class="figure">{{_('a person')}}</th><th scope="col" class="figure">{{_('a machine')}}</th></tr></thead>
    <tbody>
% for row in report['causes']:
    <tr><th scope="row">{{view.cause(row['cause'], L)}}</th><td>{{words.word(words.VERDICTS, row['verdict'], L)}}</td><td class="figure">{{L.number(row['calls'])}}</td><td class="figure">{{L.number(row['person'])}}</td><td class="figure">{{L.number(row['machine'])}}</td></tr>
% end
    </tbody></table></div>
</section>
</div>
% end
