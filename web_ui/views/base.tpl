<!doctype html>
<html lang="{{L.code}}" data-zone="{{L.zone_name}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="form-token" content="{{visit.csrf}}">
<meta name="words" content="{{script_words}}">
<title>{{title}} · {{box_name}}</title>
<link rel="icon" href="{{static_url('icon.svg')}}" type="image/svg+xml">
<link rel="stylesheet" href="{{static_url('strowger.css')}}">
<script type="module" src="{{static_url('page.js')}}"></script>
% for script in get('scripts', ()):
<script type="module" src="{{static_url(script)}}"></script>
% end
</head>
<body class="{{'with-menu' if navigation else 'plain'}} {{get('layout', '')}}">
<a class="skip" href="#main">{{_('Skip to content')}}</a>
<header class="top">
  <a class="brand" href="/"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#mark"></use></svg>{{box_name}}</a>
% if navigation:
  <button class="quiet menu-button" id="menu-button" type="button" popovertarget="menu" aria-label="{{_('Menu')}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#menu"></use></svg></button>
% end
% if visit.person:
  <button class="quiet who" type="button" popovertarget="who"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#person"></use></svg><span>{{visit.person.name}}</span></button>
  <div class="drop" id="who" popover>
    <p class="muted">{{words.roles(visit.person.roles, L)}}</p>
    <a href="/account">{{_('Password and language')}}</a>
    <form method="post" action="/logout"><input type="hidden" name="csrf" value="{{visit.csrf}}"><button class="quiet" id="log-out">{{_('Log out of the box')}}</button></form>
  </div>
% else:
% include('language.tpl')
% end
</header>
% if navigation:
<nav class="menu" id="menu" popover aria-label="{{_('Main menu')}}"><div class="menu-list">
% for at, (heading, entries) in enumerate(menu_sections):
% if heading:
  <p class="menu-head" id="menu-{{at}}">{{_(heading)}}</p>
% end
  <div role="group" aria-labelledby="{{'menu-%d' % at if heading else 'menu-button'}}">
% for name, path, label in entries:
  <a href="{{path}}"{{' aria-current=page' if here == name else ''}}><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{name}}"></use></svg>{{_(label)}}</a>
% end
  </div>
% end
</div></nav>
% end
<main id="main" tabindex="-1">
  <div class="banner" id="banner" role="status"{{' hidden' if connected or not visit.person else ''}}>
    <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#alert"></use></svg>
    <span id="banner-text">{{_('The telephone service does not answer. What you see may be old; calls cannot be controlled from here right now.')}}</span>
  </div>
% if notes:
  <div class="notes" role="status">
% for note in notes:
    <div class="note {{note.kind}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{'check' if note.kind == 'done' else 'alert'}}"></use></svg><p>{{note.text}}</p>
% if note.undo_path:
      <form method="post" action="{{note.undo_path}}"><input type="hidden" name="csrf" value="{{visit.csrf}}">
% for name, value in note.undo_fields:
        <input type="hidden" name="{{name}}" value="{{value}}">
% end
        <button class="small">{{_('Undo')}}</button></form>
% end
    </div>
% end
  </div>
% end
{{!base}}
</main>
<p class="sr" id="spoken" aria-live="polite"></p>
</body>
</html>
