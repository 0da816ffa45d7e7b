<form class="languages" method="post" action="/language">
  <input type="hidden" name="csrf" value="{{visit.csrf}}">
  <input type="hidden" name="back" value="{{visit.request.path if visit.request.method == 'GET' else '/'}}">
% for code, name in languages.items():
  <button class="quiet small" name="language" value="{{code}}" lang="{{code}}"{{' aria-pressed=true' if L.code == code else ' aria-pressed=false'}}>{{name}}</button>
% end
</form>
