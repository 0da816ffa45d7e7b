    <fieldset id="f-retry" tabindex="-1"><legend>{{_('Call again after')}}</legend>
% if errors.get('retry'):
      <p class="mistake">{{errors['retry']}}</p>
% end
      <table class="rules"><thead><tr><th scope="col">{{_('Result')}}</th><th scope="col">{{_('Hours to wait')}}</th><th scope="col">{{_('At most so many times')}}</th></tr></thead><tbody>
% for word in retried:
% delay, most = shown['retry'].get(word, ('', ''))
      <tr><th scope="row">{{words.word(words.DISPOSITIONS, word, L)}}</th><td><input class="short" name="retry-{{word}}-h" value="{{delay}}" inputmode="decimal" aria-label="{{_('{result}: hours to wait', result=words.word(words.DISPOSITIONS, word, L))}}"></td><td><input class="short" name="retry-{{word}}-n" value="{{most}}" inputmode="numeric" aria-label="{{_('{result}: at most so many times', result=words.word(words.DISPOSITIONS, word, L))}}"></td></tr>
% end
      </tbody></table>
      <p class="hint">{{_('An empty row closes the contact after that result.')}}</p>
% for word in ('interrupted', 'callback'):
% if word in shown['retry']:
      <input type="hidden" name="retry-{{word}}-h" value="{{shown['retry'][word][0]}}"><input type="hidden" name="retry-{{word}}-n" value="{{shown['retry'][word][1]}}">
% end
% end
    </fieldset>
