<span class="state {{state}}"><svg class="icon" aria-hidden="true"><use href="{{static_url('icons.svg')}}#{{icon}}"></use></svg>{{word}}</span>
