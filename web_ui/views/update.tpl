% rebase('base.tpl', title=_('Update'), scripts=['update.js'])
<div class="head"><h1>{{_('Update')}}</h1></div>
<p class="intro">{{_('An update is a signed file. It is written beside the version that runs; after a restart it must show that it works here, with a call of its own, or the box goes back by itself.')}}</p>
% if state is None:
<div class="note plain"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#info"></use></svg><p>{{_('This box was not flashed from an image, so it has no second version to go to. Update it the way it was installed.')}}</p></div>
% else:
<div id="update-now">
% include('update_now.tpl')
</div>
<section class="card" aria-labelledby="upload-title"><h2 id="upload-title">{{_('Upload an update')}}</h2>
  <form id="bundle" class="stack" data-piece="{{piece_bytes}}" data-most="{{most_bytes}}">
    <div class="drop-zone">
      <svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#upload"></use></svg>
      <label for="f-file"><strong>{{_('Choose an update (.raucb)')}}</strong></label>
      <input id="f-file" name="file" type="file" accept=".raucb" required aria-describedby="h-file">
      <p class="hint" id="h-file">{{_('Or plug a stick with it into the box: it is found by itself and shown above. Nothing is ever installed without being told to.')}}</p>
      <p class="mistake" id="bundle-mistake" role="alert" hidden></p>
      <progress id="bundle-progress" max="1" value="0" hidden aria-label="{{_('Upload')}}"></progress>
    </div>
    <div><button class="primary">{{_('Upload')}}</button></div>
    <noscript><p class="mistake">{{_('Uploading an update needs scripts; a stick does not.')}}</p></noscript>
  </form>
</section>
% end
<p><a href="/access">{{_('Technician and reset')}}</a> · <a href="/network">{{_('Address of the box')}}</a></p>
