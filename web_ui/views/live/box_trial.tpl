% for trial in picture.trials.values():
<div class="part" data-key="c{{trial['id']}}">
  <div class="row apart"><h3>{{trial['to']}}</h3>
% include('live/state.tpl', state='' if trial['state'] == 'ended' else 'talking' if trial['state'] == 'talking' else 'ringing', icon='phone', word=words.word(view.TRIAL_STATES, trial['state'], L))
  </div>
% include('box_facts.tpl', facts=view.trial_facts(trial, L))
% if trial['state'] != 'ended':
  <button class="danger small" form="act" formaction="/box/hang-up">{{_('Hang up')}}</button>
% end
</div>
% end
