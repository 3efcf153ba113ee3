// The history of a suite: one record for each blessing of a scenario, of which the newest is what results are held
// against.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "scenarios/schema/suite.pb.h"

namespace parallax::scenarios::suite {

class Baseline {
 public:
  Baseline() = default;
  explicit Baseline(std::vector<schema::SuiteRecord> records) : records_{std::move(records)} {}

  /// Null if the scenario was never blessed. Valid until the next blessing.
  const schema::SuiteRecord* newest(std::string_view scenario) const;

  /// All that the scenario was blessed as, the oldest first.
  std::vector<schema::SuitePast> history(std::string_view scenario) const;

  /// Appends it with the reason, unless it says what the newest says already. What was the newest loses its
  /// checkpoints: nothing will be held against it again, and they are most of its size.
  enum class Blessing { kAppended, kAsBefore };
  Blessing bless(schema::SuiteRecord record, std::string_view because);

  const std::vector<schema::SuiteRecord>& records() const { return records_; }

 private:
  std::vector<schema::SuiteRecord> records_;
};

}  // namespace parallax::scenarios::suite
