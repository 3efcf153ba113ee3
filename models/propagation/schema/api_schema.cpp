#include "models/propagation/schema/api_schema.h"

#include <algorithm>
#include <utility>

namespace parallax::propagation::schema {

namespace {

using store::Default;
using store::ForeignKey;
using store::Key;
using store::OnDelete;
using store::TableSpec;

store::ColumnSpec number(std::string name) { return {std::move(name), Default::kSequence}; }

Key primary(const std::string& table) { return {"PK_" + table, {0}}; }

TableSpec numbered(const std::string& name, const std::string& number_column, std::vector<store::ColumnSpec> others,
                   std::vector<Key> unique, std::vector<ForeignKey> foreign = {}) {
  std::vector<store::ColumnSpec> columns{number(number_column)};
  columns.insert(columns.end(), others.begin(), others.end());
  return {name, std::move(columns), primary(name), std::move(unique), std::move(foreign)};
}

TableSpec tokens(const ApiSchemaOptions& options, OnDelete on_delete) {
  Key key{"CON_APP_KEY",
          {token::kConsumerApp, token::kUser, token::kTenant, token::kUserType, token::kScopeHash, token::kScopeHash2,
           token::kState, token::kStateId, token::kBinding}};
  if (options.data_center_in_token_key) key.columns.push_back(token::kDataCenter);
  return {"IDN_OAUTH2_ACCESS_TOKEN",
          {{"TOKEN_ID"},       {"CONSUMER_KEY_ID"},   {"AUTHZ_USER"},       {"TENANT_ID"},
           {"USER_TYPE"},      {"SCOPE_HASH_1"},      {"SCOPE_HASH_2"},     {"TOKEN_STATE"},
           {"TOKEN_STATE_ID"}, {"TOKEN_BINDING_REF"}, {"TOKEN_TYPE"},       {"SCOPES"},
           {"ACCESS_TOKEN_1"}, {"ACCESS_TOKEN_2"},    {"REFRESH_TOKEN_1"},  {"REFRESH_TOKEN_2"},
           {"TIME_CREATED"},   {"VALIDITY_PERIOD"},   {"REFRESH_VALIDITY"}, {"DCID", Default::kDataCenter},
           {"JURISDICTION"}},
          primary("IDN_OAUTH2_ACCESS_TOKEN"),
          {std::move(key)},
          {{"FK_TOKEN_CONSUMER_APP", token::kConsumerApp, kConsumerApps, on_delete}},
          token::kJurisdiction};
}

void remove_keys(TableSpec& table, const std::vector<std::string>& names) {
  if (std::find(names.begin(), names.end(), table.name) == names.end()) return;
  table.primary.reset();
  table.unique.clear();
}

}  // namespace

// A key that others refer to must exist, so a table without one has no children either.
store::Schema api_schema(const ApiSchemaOptions& options) {
  const OnDelete gone = options.children == Children::kCascade ? OnDelete::kCascade : OnDelete::kTrigger;
  store::Schema schema{
      numbered("AM_API", "API_ID", {{"API_UUID"}, {"API_STATUS"}}, {{"API_UUID_KEY", {api::kUuid}}}),
      numbered("AM_SUBSCRIBER", "SUBSCRIBER_ID", {{"USER_ID"}}, {{"USER_ID_KEY", {subscriber::kUser}}}),
      numbered("AM_APPLICATION", "APPLICATION_ID", {{"UUID"}, {"SUBSCRIBER_ID"}},
               {{"APPLICATION_UUID_KEY", {application::kUuid}}},
               {{"FK_APPLICATION_SUBSCRIBER", application::kSubscriber, kSubscribers, gone}}),
      numbered("AM_SUBSCRIPTION", "SUBSCRIPTION_ID",
               {{"UUID"}, {"API_ID"}, {"APPLICATION_ID"}, {"SUB_STATUS"}, {"TIER_ID"}},
               {{"SUBSCRIPTION_UUID_KEY", {subscription::kUuid}}},
               {{"FK_SUBSCRIPTION_API", subscription::kApi, kApis, gone},
                {"FK_SUBSCRIPTION_APPLICATION", subscription::kApplication, kApplications, gone}}),
      numbered("AM_POLICY_SUBSCRIPTION", "POLICY_ID", {{"NAME"}, {"QUOTA"}}, {{"POLICY_NAME_KEY", {policy::kName}}}),
      numbered("IDN_OAUTH_CONSUMER_APPS", "ID", {{"CONSUMER_KEY"}, {"APPLICATION_ID"}},
               {{"CONSUMER_KEY_CONSTRAINT", {consumer_app::kClient}}},
               {{"FK_CONSUMER_APP_APPLICATION", consumer_app::kApplication, kApplications, gone}}),
      tokens(options, gone),
      {"AM_REVOKED_JWT", {{"UUID"}, {"EXPIRY_TIMESTAMP"}}, primary("AM_REVOKED_JWT"), {}, {}},
      numbered("REG_PATH", "REG_PATH_ID", {{"REG_PATH_VALUE"}, {"VERSION"}}, {{"PATH_KEY", {registry_path::kPath}}}),
      numbered("UM_USER", "UM_ID", {{"UM_USER_NAME"}, {"JURISDICTION"}}, {{"USER_NAME_KEY", {user::kName}}}),
  };
  schema[store::index(kUsers)].jurisdiction = user::kJurisdiction;
  for (TableSpec& table : schema) remove_keys(table, options.without_keys);
  for (TableSpec& table : schema) {
    std::erase_if(table.foreign, [&](const ForeignKey& key) { return !schema[store::index(key.parent)].primary; });
  }
  return schema;
}

}  // namespace parallax::propagation::schema
