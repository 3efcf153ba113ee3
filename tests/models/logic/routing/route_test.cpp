#include "models/logic/routing/route.h"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

namespace parallax::logic::routing {
namespace {

using domain::Answer;
using domain::ApiId;
using domain::Outcome;
using domain::ResourceId;

RouteTable pizza() {
  RouteTable table;
  ApiRoutes routes{ApiId{1}, "/pizza", "1.0.0", DefaultVersion::kYes, {}};
  routes.resources = {{"/menu", Verb::kGet, ResourceId{0}},         {"/order/{id}", Verb::kGet, ResourceId{1}},
                      {"/order/{id}", Verb::kPut, ResourceId{2}},   {"/custom", Verb::kPost, ResourceId{3}},
                      {"/custom", Verb::kOptions, ResourceId{4}},   {"/custom/*", Verb::kOptions, ResourceId{5}},
                      {"/custom/{part}", Verb::kGet, ResourceId{6}}};
  REQUIRE(table.add(routes).is_good());
  return table;
}

Cors without_cors() {
  CorsOptions options;
  options.enabled = false;
  return Cors{options};
}

const Cors kWithCors;
const Cors kWithoutCors = without_cors();

RequestHead request(std::string_view method, std::string_view target, std::string_view requested_method = "") {
  return {.method = method,
          .target = target,
          .origin = "https://shop.example.com",
          .requested_method = requested_method,
          .requested_headers = ""};
}

struct Row {
  std::string name;
  RequestHead head;
  Answer with_cors;
  Answer without;
};

constexpr Answer kOk{200, 0};
constexpr Answer kNotFound{404, 404};
constexpr Answer kWrongVerb{405, 405};
constexpr Answer kForbidden{403, 900906};

// The first rows of the gateway's table of codes: synapse main sequence, CORSRequestHandler, OAuthAuthenticator.
TEST_CASE("each routing row of the table of codes") {
  const std::vector<Row> rows{
      {"a resource goes on", request("GET", "/pizza/1.0.0/menu"), kOk, kOk},
      {"context unknown", request("GET", "/pasta/1.0.0/menu"), kNotFound, kNotFound},
      {"context unknown, preflight", request("OPTIONS", "/pasta", "GET"), kNotFound, kNotFound},
      {"a refused target is no context", request("GET", "/pizza/../menu"), kNotFound, kNotFound},
      {"path unknown", request("GET", "/pizza/1.0.0/drinks"), kNotFound, kForbidden},
      {"verb unknown", request("POST", "/pizza/1.0.0/menu"), kWrongVerb, kForbidden},
      {"HEAD is not declared", request("HEAD", "/pizza/1.0.0/menu"), kWrongVerb, kForbidden},
      {"a verb in small letters", request("get", "/pizza/1.0.0/menu"), kWrongVerb, kForbidden},
      {"a verb that nobody declares", request("TRACE", "/pizza/1.0.0/menu"), kWrongVerb, kForbidden},
      {"the same on an unknown path", request("TRACE", "/pizza/1.0.0/drinks"), kNotFound, kForbidden},
      {"a method asked for by no OPTIONS", request("PUT", "/pizza/1.0.0/menu", "GET"), kWrongVerb, kForbidden},
      {"preflight", request("OPTIONS", "/pizza/1.0.0/menu", "GET"), kOk, kForbidden},
      {"preflight for an unknown path", request("OPTIONS", "/pizza/1.0.0/drinks", "GET"), kNotFound, kForbidden},
      {"preflight for a wrong verb", request("OPTIONS", "/pizza/1.0.0/menu", "PUT"), kWrongVerb, kForbidden},
      {"OPTIONS that asks for nothing", request("OPTIONS", "/pizza/1.0.0/menu"), kWrongVerb, kForbidden},
      {"OPTIONS that asks for nonsense", request("OPTIONS", "/pizza/1.0.0/menu", "get"), kWrongVerb, kForbidden},
      {"OPTIONS of the resource's own", request("OPTIONS", "/pizza/1.0.0/custom", "POST"), kOk, kOk},
  };
  const RouteTable table = pizza();
  for (const Row& row : rows) {
    CAPTURE(row.name);
    CHECK(domain::answer_of(route(table, kWithCors, row.head).outcome) == row.with_cors);
    CHECK(domain::answer_of(route(table, kWithoutCors, row.head).outcome) == row.without);
  }
}

TEST_CASE("a preflight ends at the gateway, with the verbs of the template") {
  const Routed routed = route(pizza(), kWithCors, request("OPTIONS", "/pizza/order/7", "PUT"));
  CHECK(routed.outcome == Outcome::kPreflight);
  CHECK(routed.cors.allow_origin == "*");
  CHECK(routed.cors.allow_methods == VerbSet{Verb::kGet, Verb::kPut});
}

TEST_CASE("a preflight from an origin that is not allowed is answered without a CORS header") {
  CorsOptions options;
  options.allowed_origins = {"https://other.example.com"};
  const Cors cors{options};
  const Routed routed = route(pizza(), cors, request("OPTIONS", "/pizza/order/7", "PUT"));
  CHECK(routed.outcome == Outcome::kPreflight);
  CHECK(routed.cors.allow_origin.empty());
}

TEST_CASE("OPTIONS that the template declares goes to the back end, which sets the headers") {
  for (const std::string_view asked : {"POST", "", "PUT"}) {
    const Routed routed = route(pizza(), kWithCors, request("OPTIONS", "/pizza/custom", asked));
    CHECK(routed.outcome == Outcome::kAdmitted);
    CHECK(routed.match.resource == ResourceId{4});
    CHECK(routed.cors == CorsHeaders{});
  }
}

TEST_CASE("of a template with OPTIONS and one with the method asked for the more specific decides") {
  const RouteTable table = pizza();
  CHECK(route(table, kWithCors, request("OPTIONS", "/pizza/custom/part", "GET")).outcome == Outcome::kPreflight);
  const Routed routed = route(table, kWithCors, request("OPTIONS", "/pizza/custom/part", "PUT"));
  CHECK(routed.outcome == Outcome::kAdmitted);
  CHECK(routed.match.resource == ResourceId{5});
}

TEST_CASE("a request that goes on carries the headers of its answer") {
  const Routed routed = route(pizza(), kWithCors, request("GET", "/pizza/menu"));
  CHECK(routed.outcome == Outcome::kAdmitted);
  CHECK(routed.match == Match{Found::kResource, {Verb::kGet}, ApiId{1}, ResourceId{0}});
  CHECK(routed.cors.allow_origin == "*");
}

TEST_CASE("without CORS nothing is said to browsers, and OPTIONS is a verb as any other") {
  CHECK(route(pizza(), kWithoutCors, request("GET", "/pizza/menu")).cors == CorsHeaders{});
  const Routed options = route(pizza(), kWithoutCors, request("OPTIONS", "/pizza/custom/part", "GET"));
  CHECK(options.outcome == Outcome::kAdmitted);
  CHECK(options.match.resource == ResourceId{5});
}

TEST_CASE("an answer that ends the request says nothing to browsers") {
  CHECK(route(pizza(), kWithCors, request("GET", "/pizza/drinks")).cors == CorsHeaders{});
  CHECK(route(pizza(), kWithCors, request("PUT", "/pizza/menu")).cors == CorsHeaders{});
  CHECK(route(pizza(), kWithCors, request("PUT", "/pizza/menu")).match.allowed == VerbSet{Verb::kGet});
}

}  // namespace
}  // namespace parallax::logic::routing
