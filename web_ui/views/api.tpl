% rebase('base.tpl', title=_('What other programs can ask'))
<div class="head"><h1>{{_('What other programs can ask')}}</h1></div>
% if navigation:
% include('api_tabs.tpl', tab='/api')
% end
<section class="card"><p>{{_('Programs of the office add contacts and leads, block numbers, look at campaigns and calls. Send the token as “Authorization: Bearer swg_…”. A request with an Idempotency-Key may be repeated: it is carried out once and answered the same for 24 hours. Lists come in pages; “next” leads to the following one.')}}</p>
  <p>{{_('Mistakes are told all at once, in German or English after Accept-Language, as application/problem+json.')}} <a href="/api/v1/openapi.json">{{_('The same for machines (OpenAPI 3.1)')}}</a></p></section>
% for title, entries in sections:
<section class="card" aria-labelledby="s-{{entries[0].anchor}}"><h2 id="s-{{entries[0].anchor}}">{{title}}</h2>
% for each in entries:
  <details id="{{each.anchor}}"><summary><code>{{each.method}} {{each.path}}</code> {{each.summary}}</summary>
  <div class="stack">
% if each.scope:
    <p class="hint">{{_('Needs: {scope}', scope=_(scopes[each.scope]))}} <code>{{each.scope}}</code></p>
% end
% if each.fields:
    <dl class="facts">
% for field in each.fields:
      <dt><code>{{field.name}}</code></dt><dd>{{field.kind}}{{'' if field.required else ' · ' + _('may be left out')}}\\
% if field.doc:
<span class="hint"> {{field.doc}}</span>\\
% end
</dd>
% end
    </dl>
% end
    <pre tabindex="0" role="region" aria-label="{{_('Sample: {what}', what=each.method + ' ' + each.path)}}"><code>{{each.sample}}</code></pre>
    <p class="hint">{{_('Answers: {statuses}', statuses=', '.join(each.statuses))}}</p>
  </div></details>
% end
</section>
% end
<section class="card" aria-labelledby="s-webhooks"><h2 id="s-webhooks">{{_('What webhooks tell')}}</h2>
  <p>{{_('Each event is sent as JSON with type, timestamp and data. The headers webhook-id, webhook-timestamp and webhook-signature follow Standard Webhooks: the signature is “v1,” and the base64 of HMAC-SHA-256 over “id.timestamp.body” with the secret’s bytes (base64 after “whsec_”). Refuse a timestamp that is minutes off; an id that comes twice is the same event. Whatever is not answered with 2xx is tried again for three days.')}}</p>
  <dl class="facts">
% for key, text in events.items():
    <dt><code>{{key}}</code></dt><dd>{{_(text)}}</dd>
% end
  </dl>
</section>
