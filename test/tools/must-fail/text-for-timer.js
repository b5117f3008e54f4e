// expect: dynamic-code "setTimeout('beat()', 10)"
var unit = (function () {
  return /*!*/setTimeout('beat()', 10);
})();
