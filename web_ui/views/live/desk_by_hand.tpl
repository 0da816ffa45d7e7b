% for campaign in desk.get('by_hand') or ():
<option value="{{campaign['id']}}" data-key="h{{campaign['id']}}">{{campaign['name']}}</option>
% end
