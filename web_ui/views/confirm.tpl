<div class="dialog" id="{{id}}" popover role="dialog" aria-labelledby="{{id}}-title">
  <h2 id="{{id}}-title">{{question}}</h2>
  <p>{{consequence}}</p>
  <form method="post" action="{{action}}">
    <input type="hidden" name="csrf" value="{{visit.csrf}}">
    <div class="row end">
      <button type="button" popovertarget="{{id}}" popovertargetaction="hide" autofocus>{{_('Cancel')}}</button>
      <button class="{{get('look', 'danger')}}">{{button}}</button>
    </div>
  </form>
</div>
