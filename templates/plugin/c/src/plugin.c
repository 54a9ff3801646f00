// A middleware that answers 503 while it is told to.

#include "barbacane.h"

static bool is_closed;

// Called once, when the artifact is loaded. Another code than 0 refuses the configuration.
EXPORT("init") int32_t init(const char *json, int32_t length) {
  is_closed = text_is(json_member(text_of(json, length), "closed"), "true");
  return 0;
}

// Called for each request. Without an output it goes on as it is.
EXPORT("on_request") int32_t on_request(const char *json, int32_t length) {
  (void)json, (void)length;
  if (!is_closed) return 0;
  log_info("closed");
  set_body("Closed for maintenance.\n");
  output("{\"action\":1,\"data\":{\"status\":503,"
         "\"headers\":{\"content-type\":\"text/plain\",\"retry-after\":\"60\"}}}");
  return 1;
}
