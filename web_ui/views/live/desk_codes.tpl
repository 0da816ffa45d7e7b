% for code in (desk.get('wrap_up') or {}).get('codes', ()):
<label class="code-choice {{code.get('disposition', '')}}" data-key="code-{{code.get('code', '')}}"><input type="radio" name="code" value="{{code.get('code', '')}}" data-digit="{{code.get('digit', '')}}"><kbd aria-hidden="true">{{code.get('digit', '')}}</kbd><span>{{label(code, L)}}</span></label>
% end
