% if advice:
<div class="note plain advice"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p><strong>{{advice_words.sentence(advice, L)}}</strong> {{advice_words.reason(advice, L)}}</p></div>
% end
