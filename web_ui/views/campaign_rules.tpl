  <div class="grid">
  <div class="field">
    <span class="label-row"><label for="f-purpose">{{_('What the calls are for')}}</label> \\
% include('term.tpl', key='purpose')
</span>
    <select id="f-purpose" name="purpose" aria-describedby="h-purpose">
% for key, text in rule_words.PURPOSES.items():
% if key in rule_words.CAMPAIGN_PURPOSES:
      <option value="{{key}}"{{' selected' if shown['purpose'] == key else ''}}>{{_(text)}}</option>
% end
% end
    </select>
    <p class="hint" id="h-purpose">{{_('Decides whether consent must be on record before anybody is called.')}}</p>
% if errors.get('purpose'):
    <p class="mistake">{{errors['purpose']}}</p>
% end
  </div>
  <div class="field">
    <span class="label-row"><label for="f-rule_pack">{{_('Rules')}}</label> \\
% include('term.tpl', key='rule_pack')
</span>
    <select id="f-rule_pack" name="rule_pack" aria-describedby="h-rule_pack">
      <option value="">{{_('those of the country')}}</option>
% for key, text in rule_words.PACKS.items():
      <option value="{{key}}"{{' selected' if shown['rule_pack'] == key else ''}}>{{_(text)}}</option>
% end
    </select>
    <p class="hint" id="h-rule_pack">{{_('Hours, holidays, attempts and more, by law.')}} <a href="/rules">{{_('Rules and their sources')}}</a></p>
% if errors.get('rule_pack') or errors.get('rules'):
    <p class="mistake">{{errors.get('rule_pack', '')}} {{errors.get('rules', '')}}</p>
% end
  </div>
  </div>
  <input type="hidden" name="rules" value="{{shown['rules']}}">
