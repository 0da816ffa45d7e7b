% title = _('New campaign: {step}', step=_(steps[step]))
% rebase('base.tpl', title=title)
% include('wizard_head.tpl')
% include('mistakes.tpl')
<form method="post" action="{{path}}/rules" id="step" class="form" novalidate>
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <section class="card">
    <fieldset class="field" id="f-purpose" tabindex="-1"><legend><h2 class="step-title">{{_('What are the calls for?')}} \\
% include('term.tpl', key='purpose')
</h2></legend>
      <div class="choices">
% for key in rule_words.CAMPAIGN_PURPOSES:
      <label class="choice"><input type="radio" name="purpose" value="{{key}}"{{' checked' if shown['purpose'] == key else ''}}><span><strong>{{_(rule_words.PURPOSES[key])}}</strong>
% for name, each in packs.items():
        <span class="muted of-pack" data-pack="{{name}}">{{pack_words.consent(each, key, L)}}</span>
% end
      </span></label>
% end
      </div>
% if errors.get('purpose'):
      <p class="mistake">{{errors['purpose']}}</p>
% end
      <p class="hint with-term">{{_('Consent is recorded person by person, or comes with the list.')}} \\
% include('term.tpl', key='consent')
 <a href="/consent">{{_('Consent')}}</a></p>
    </fieldset>
  </section>
  <section class="card">
    <fieldset class="field" id="f-rule_pack" tabindex="-1"><legend><h2 class="step-title">{{_('Whose rules hold?')}} \\
% include('term.tpl', key='rule_pack')
</h2></legend>
      <p class="hint">{{_('The country whose people are called. Numbers of another country keep the rules of both.')}}</p>
      <div class="choices">
% chosen = shown['rule_pack'] or pack
% for name, each in packs.items():
      <label class="choice"><input type="radio" name="rule_pack" value="{{name}}" data-pack="{{name}}"{{' checked' if name == chosen else ''}}><span><strong>{{rule_words.word(rule_words.PACKS, name, L)}}</strong>
% said = pack_words.sentences(each, L)
        <span class="choice-more">
% for line in said:
          <span class="line">{{line}}</span>
% end
% if not said:
          <span class="line">{{_('You answer for all rules yourself. Nothing is forbidden but emergency numbers and DNC lists.')}}</span>
% end
        </span></span></label>
% end
      </div>
% if errors.get('rule_pack') or errors.get('rules'):
      <p class="mistake">{{errors.get('rule_pack', '')}} {{errors.get('rules', '')}}</p>
% end
      <p class="hint">{{_('This is no legal advice.')}} <a href="/rules?pack={{chosen}}">{{_('Every rule with its source')}}</a></p>
    </fieldset>
  </section>
  <section class="card">
    <fieldset class="field" id="f-caller_id" tabindex="-1"><legend><h2 class="step-title">{{_('Which number is shown?')}} \\
% include('term.tpl', key='caller_id')
</h2></legend>
% numbers = [(number, each.name) for each in trunks for number in each.caller_ids]
% if not numbers:
      <p class="hint">{{_('No trunk has a number of its own yet. Numbers are entered with the trunk, in the settings file of the box.')}}</p>
      <input type="hidden" name="caller_id" value="{{shown['caller_id']}}">
% end
      <div class="choices">
% for number, trunk in numbers:
      <label class="choice"><input type="radio" name="caller_id" value="{{number}}"{{' checked' if shown['caller_id'] == number else ''}}><span><strong class="number">{{L.phone(number)}}</strong> <span class="muted">{{_('over {trunk}', trunk=trunk)}}</span></span></label>
% end
      </div>
% if errors.get('caller_id'):
      <p class="mistake">{{errors['caller_id']}}</p>
% end
    </fieldset>
% include('wizard_foot.tpl')
  </section>
</form>
