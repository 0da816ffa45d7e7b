% rebase('base.tpl', title=_('Label'))
<div class="head"><h1>{{_('Label')}}</h1><p class="no-print"><button type="button" data-print hidden>{{_('Print')}}</button></p></div>
<section class="card label" aria-label="{{_('Label')}}">
  <img class="qr" src="/label/qr.svg" alt="{{_('QR code of the address {address}', address=address)}}" width="220" height="220">
  <div>
    <p><strong>{{box_name}}</strong></p>
    <p><code>{{address}}</code></p>
% for other in also:
    <p class="muted">{{_('or')}} <code>{{other}}</code></p>
% end
    <p class="muted">{{_('or dial *00 on a telephone of the house: the box says where it is')}}</p>
% if fingerprint:
    <p class="small-text">{{_('Certificate (SHA-256), to compare when a browser warns:')}} <code class="long">{{fingerprint}}</code></p>
% end
  </div>
</section>
