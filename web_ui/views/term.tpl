% known = terms[key]
<span class="term"><button type="button" class="help" popovertarget="term-{{key}}" aria-label="{{_('What does “{term}” mean?', term=_(known.name))}}">?</button><span class="drop explain" id="term-{{key}}" popover><strong>{{_(known.name)}}</strong><span>{{_(known.meaning)}}</span><a href="/words#{{key}}">{{_("All words")}}</a></span></span>
