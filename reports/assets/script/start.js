// What each page has of it is offered; then what its address says is shown.

offer_theme();
offer_cursors();
offer_topology();
offer_instant();
offer_pairs();
offer_sorting();
read_address();
show_instant();
addEventListener('hashchange', read_address);
