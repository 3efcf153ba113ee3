#include "models/propagation/schema/statistics_schema.h"

namespace parallax::propagation::schema {

store::Schema statistics_schema(SummaryKey key) {
  store::TableSpec summary;
  summary.name = "API_REQUEST_SUMMARY";
  summary.columns = {{"API"}, {"TIME"}, {"TOTAL_REQUEST_COUNT"}};
  summary.primary = store::Key{"PK_API_REQUEST_SUMMARY", {request_summary::kApi, request_summary::kBucket}};
  if (key == SummaryKey::kWithDataCenter) {
    summary.columns.push_back({"DCID", store::Default::kDataCenter});
    summary.primary->columns.push_back(request_summary::kDataCenter);
  }
  return {summary};
}

}  // namespace parallax::propagation::schema
