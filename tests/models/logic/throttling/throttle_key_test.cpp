#include <catch2/catch.hpp>
#include <functional>
#include <string>

#include "models/logic/throttling/key_templates.h"
#include "tests/models/logic/throttling/worlds.h"

namespace parallax::logic::throttling {
namespace {

using testing::tiered_caller;

const std::vector<std::pair<std::string, std::function<void(Subject&)>>> kFields{
    {"application", [](Subject& s) { s.application = domain::ApplicationId{999}; }},
    {"user", [](Subject& s) { s.user = domain::UserId{999}; }},
    {"API", [](Subject& s) { s.api = domain::ApiId{999}; }},
    {"resource", [](Subject& s) { s.resource = domain::ResourceId{999}; }},
    {"subscription tier", [](Subject& s) { s.subscription_tier = domain::TierId{999}; }},
    {"context", [](Subject& s) { s.api_context = ContextId{999}; }},
    {"version", [](Subject& s) { s.api_version = VersionId{999}; }},
    {"application tenant", [](Subject& s) { s.application_tenant = domain::TenantId{999}; }},
    {"API tenant", [](Subject& s) { s.api_tenant = domain::TenantId{999}; }},
    {"client",
     [](Subject& s) {
       s.client = {1, 2};
     }},
    {"key type", [](Subject& s) { s.key_type = KeyType::kSandbox; }},
};

// The names of the fields on which a key depends.
std::string depends_on(const Subject& base, const std::function<ThrottleKey(const Subject&)>& key) {
  std::string names;
  for (const auto& [name, change] : kFields) {
    Subject other = base;
    change(other);
    if (key(other) != key(base)) names += (names.empty() ? "" : ", ") + name;
  }
  return names;
}

Subject without_api_tier() {
  Subject subject = tiered_caller();
  subject.api_tier = domain::kUnlimited;
  return subject;
}

TEST_CASE("each level is keyed by what its row of the key table names, and nothing else") {
  Policy all_users;
  Policy each_user;
  each_user.scope = PolicyScope::kEachUser;
  const auto operation = [](const Policy& policy) {
    return [policy](const Subject& s) { return operation_key(s, policy); };
  };
  CHECK(depends_on(tiered_caller(), application_key) == "application, user");
  CHECK(depends_on(tiered_caller(), subscription_key) == "application, API, subscription tier");
  CHECK(depends_on(tiered_caller(), operation(all_users)) == "API");
  CHECK(depends_on(tiered_caller(), operation(each_user)) == "user, API");
  CHECK(depends_on(without_api_tier(), operation(all_users)) == "resource");
  CHECK(depends_on(without_api_tier(), operation(each_user)) == "user, resource");
  CHECK(depends_on(tiered_caller(), hard_limit_key) == "API, key type");
}

TEST_CASE("custom: a template depends on the variables that it names") {
  const std::vector<std::pair<Variable, std::string>> rows{{Variable::kUserId, "user"},
                                                           {Variable::kApiContext, "context"},
                                                           {Variable::kApiVersion, "version"},
                                                           {Variable::kResourceKey, "resource"},
                                                           {Variable::kAppTenant, "application tenant"},
                                                           {Variable::kApiTenant, "API tenant"},
                                                           {Variable::kAppId, "application"},
                                                           {Variable::kClientIp, "client"}};
  for (const auto& [variable, field] : rows) {
    INFO(field);
    const KeyTemplate one{TemplateId{1}, {variable}};
    CHECK(depends_on(tiered_caller(), [&](const Subject& s) { return expand(one, s, {}); }) == field);
  }
  const KeyTemplate all{TemplateId{1},
                        {Variable::kUserId, Variable::kApiContext, Variable::kApiVersion, Variable::kResourceKey,
                         Variable::kAppTenant, Variable::kApiTenant, Variable::kAppId, Variable::kClientIp}};
  CHECK(depends_on(tiered_caller(), [&](const Subject& s) { return expand(all, s, {}); }) ==
        "application, user, resource, context, version, application tenant, API tenant, client");
  const KeyTemplate none{TemplateId{1}, {}};
  CHECK(depends_on(tiered_caller(), [&](const Subject& s) { return expand(none, s, {}); }).empty());
}

TEST_CASE("custom keys differ between templates and between deployments") {
  const Subject subject = tiered_caller();
  const VariableSet variables{Variable::kUserId};
  const ThrottleKey key = expand({TemplateId{1}, variables}, subject, {});
  CHECK(key == expand({TemplateId{1}, variables}, subject, {}));
  CHECK(key != expand({TemplateId{2}, variables}, subject, {}));
  CHECK(key != expand({TemplateId{1}, variables}, subject, {7}));
  CHECK(key.level() == Level::kCustom);
}

TEST_CASE("keys of different levels differ though their numbers agree") {
  const ThrottleKey api = ThrottleKey::api(domain::ApiId{1}, 0);
  const ThrottleKey resource = ThrottleKey::resource(domain::ResourceId{1}, 0);
  CHECK(api != resource);
  CHECK(api != ThrottleKey::api(domain::ApiId{1}, 1));
  CHECK(api.with_group(1) == ThrottleKey::api(domain::ApiId{1}, 1));
  CHECK(api.with_group(9).group() == 9);
  CHECK(ThrottleKey::application(domain::ApplicationId{1}, domain::UserId{2}) !=
        ThrottleKey::subscription(domain::ApplicationId{1}, domain::ApiId{2}, domain::TierId{0}));
  CHECK(resource.level() == Level::kResource);
  CHECK(ThrottleKey{} != ThrottleKey::application(domain::ApplicationId{0}, domain::UserId{0}));
}

TEST_CASE("a template can be replaced and removed") {
  KeyTemplates templates;
  templates.add({TemplateId{2}, {Variable::kUserId}});
  templates.add({TemplateId{1}, {Variable::kAppId}});
  templates.add({TemplateId{2}, {Variable::kClientIp}});
  REQUIRE(templates.all().size() == 2);
  CHECK(templates.all()[0] == KeyTemplate{TemplateId{1}, {Variable::kAppId}});
  CHECK(templates.all()[1] == KeyTemplate{TemplateId{2}, {Variable::kClientIp}});
  templates.remove(TemplateId{1});
  CHECK(templates.all().size() == 1);
}

}  // namespace
}  // namespace parallax::logic::throttling
