<!doctype html>
<html lang="{{L.code}}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{{wall.name}} · {{box_name}}</title>
<link rel="icon" href="{{static_url('icon.svg')}}" type="image/svg+xml">
<link rel="stylesheet" href="{{static_url('strowger.css')}}">
<script type="module" src="{{static_url('wall.js')}}"></script>
</head>
<body class="wall">
<main id="main"><h1>{{wall.name}}</h1>
<div id="wall" aria-live="off">
% include('live/wall.tpl', figures=figures, connected=True)
</div>
</main>
</body>
</html>
