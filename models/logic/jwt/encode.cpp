#include "models/logic/jwt/encode.h"

#include <boost/json/serialize.hpp>
#include <boost/json/string.hpp>

#include "models/logic/jwt/base64url.h"
#include "models/logic/jwt/numeric_date.h"

namespace parallax::logic::jwt {

namespace {

std::string quoted(std::string_view text) { return boost::json::serialize(boost::json::string{text}); }

// Written by hand, for boost::json::value has no numbers that are exact to the nanosecond.
class Object {
 public:
  void add(std::string_view name, const std::string& json) {
    json_ += (json_.empty() ? "" : ",") + quoted(name) + ":" + json;
  }
  void add_text(std::string_view name, std::string_view text) {
    if (!text.empty()) add(name, quoted(text));
  }
  void add_date(std::string_view name, std::optional<sim::VirtualTime> instant) {
    if (instant) add(name, to_numeric_date(*instant));
  }
  std::string json() const { return "{" + json_ + "}"; }

 private:
  std::string json_;
};

std::string array(const std::vector<std::string>& texts) {
  std::string json;
  for (const std::string& text : texts) json += (json.empty() ? "" : ",") + quoted(text);
  return "[" + json + "]";
}

std::string joined(const std::vector<std::string>& texts) {
  std::string all;
  for (const std::string& text : texts) all += (all.empty() ? "" : " ") + text;
  return all;
}

}  // namespace

std::string encode(const Claims& claims, const SigningKey& key, const Signatures& signatures, std::string_view type) {
  Object header;
  header.add_text("alg", name_of(key.algorithm));
  header.add_text("kid", key.id);
  header.add_text("typ", type);
  Object body;
  body.add_text("iss", claims.issuer);
  body.add_text("sub", claims.subject);
  if (claims.audience.size() == 1) body.add_text("aud", claims.audience.front());
  if (claims.audience.size() > 1) body.add("aud", array(claims.audience));
  body.add_date("exp", claims.expires);
  body.add_date("nbf", claims.not_before);
  body.add_date("iat", claims.issued);
  body.add_text("jti", claims.id);
  body.add_text("azp", claims.client);
  body.add_text("scope", joined(claims.scopes));
  body.add_text("keytype", claims.key_type);
  return encode_compact(header.json(), body.json(), key, signatures);
}

std::string encode_compact(std::string_view header, std::string_view claims, const SigningKey& key,
                           const Signatures& signatures) {
  const std::string input = base64url_encode(header) + "." + base64url_encode(claims);
  return input + "." + base64url_encode(signatures.sign(key, input));
}

}  // namespace parallax::logic::jwt
