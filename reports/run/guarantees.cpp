#include "reports/run/guarantees.h"

#include <fmt/format.h>

#include <utility>

namespace parallax::reports {
namespace {

std::pair<int, std::int64_t> size_of(const schema::GuaranteeSeen& seen) {
  const std::int64_t span = seen.witness(seen.witness_size() - 1).time_ns() - seen.witness(0).time_ns();
  return {seen.witness_size(), span};
}

}  // namespace

std::string guarantee_metric(std::string_view guarantee) { return fmt::format("session.{}.count", guarantee); }

std::uint64_t times_broken(const schema::Result& result, std::string_view guarantee) {
  std::uint64_t sum = 0;
  for (const auto& seen : result.guarantees()) {
    if (seen.guarantee() == guarantee) sum += seen.broken();
  }
  return sum;
}

const schema::GuaranteeSeen* shortest_proof(const schema::Result& result, std::string_view guarantee) {
  const schema::GuaranteeSeen* shortest = nullptr;
  for (const auto& seen : result.guarantees()) {
    if (seen.guarantee() != guarantee || seen.witness_size() == 0) continue;
    if (shortest == nullptr || size_of(seen) < size_of(*shortest)) shortest = &seen;
  }
  return shortest;
}

}  // namespace parallax::reports
