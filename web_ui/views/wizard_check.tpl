% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title, scripts=['live.js'] if job else [])
% include('wizard_head.tpl')
% include('mistakes.tpl')
<h2 class="step-title">{{_('What is in the list?')}}</h2>
% if job:
<section class="card form" data-live="/live{{path}}"><div data-region="import" aria-live="polite">
% include('live/wizard_import.tpl')
</div>
<div class="row small-text muted gap-top">{{_('What these words mean:')}}
% for key, label in (('duplicate', _('Duplicates')), ('damaged_row', _('Damaged rows')), ('consent', _('Consent'))):
<span class="with-term">{{label}} \\
% include('term.tpl', key=key)
</span>
% end
</div></section>
% elif report:
<section class="card form" aria-labelledby="list-title"><h2 id="list-title">{{report.name}}</h2>
  <dl class="counts big">
    <div><dt>{{_('Contacts')}}</dt><dd>{{L.number(report.contacts)}}</dd></div>
    <div class="good"><dt>{{_('Open')}}</dt><dd>{{L.number(report.open)}}</dd></div>
    <div><dt>{{_('Closed')}}</dt><dd>{{L.number(report.closed)}}</dd></div>
    <div><dt>{{_('New contacts')}}</dt><dd>{{L.number(sum(each.new for each in report.imports))}}</dd></div>
    <div><dt>{{_('Changed contacts')}}</dt><dd>{{L.number(sum(each.updated for each in report.imports))}}</dd></div>
    <div><dt>{{_('Duplicates')}}</dt><dd>{{L.number(sum(each.duplicate for each in report.imports))}}</dd></div>
    <div class="{{'bad' if any(each.damaged for each in report.imports) else ''}}"><dt>{{_('Damaged rows')}}</dt><dd>{{L.number(sum(each.damaged for each in report.imports))}}</dd></div>
  </dl>
% if not report.open:
  <div class="note refused"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg><p>{{_('Nobody in this list is left to call. Choose another list or add contacts to it.')}}</p></div>
% end
% reasons = sorted(report.closed_by.items(), key=lambda each: -each[1])
% if reasons:
  <h3 class="sub">{{_('Why contacts are closed')}}</h3>
  <dl class="counts">
% for key, count in reasons:
    <div><dt>{{words.word({**words.DISPOSITIONS, **words.REFUSALS}, key, L)}}</dt><dd>{{L.number(count)}}</dd></div>
% end
  </dl>
% end
  <p class="gap-top"><a href="/lists/{{report.id}}">{{_('Show the list')}}</a></p>
</section>
% end
<form method="post" action="{{path}}/check" id="step" class="form gap-top" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
  <fieldset class="field" id="f-dnc_list_ids" tabindex="-1">
    <legend>{{_('DNC lists')}} \\
% include('term.tpl', key='dnc')
</legend>
    <p class="hint">{{_('Nobody on these lists is called. The list of opt-outs is always asked.')}}</p>
% for each in dnc_lists:
    <label class="tick"><input type="checkbox" name="dnc_list_ids" value="{{each.id}}"{{' checked' if each.id in dnc_chosen else ''}}{{' disabled' if each.id == 1 else ''}}><span>{{words.dnc_name(each.name, L)}} <span class="muted">{{ngettext('{count} number', '{count} numbers', each.entries)}}</span></span></label>
% end
  </fieldset>
% include('wizard_foot.tpl', label=_('Take these contacts') if job and job.get('dry') else _('Next'))
  </section>
</form>
