// What the tokens of a Result are called in a report. Known tokens get words of their own; unknown ones lose their
// underscores, so that a new stage or metric reads well before it is listed here.
#pragma once

#include <string>
#include <string_view>

namespace parallax::reports {

struct ChangeWords {
  std::string name;    ///< "token revoked"
  std::string harm;    ///< what its windows cost, as the head of a row: "Access that should have ended"
  std::string detail;  ///< the same as it happens: "a revoked token still opens an API"
  std::string clause;  ///< continued by a length: "a revoked token goes on working for"
  std::string many;    ///< "revoked tokens"
  std::string reason;  ///< what a wrong decision overlooked: "the token was revoked"
};
ChangeWords change_words(std::string_view change);

/// "token-cache TTL": after "is".
std::string stage_words(std::string_view stage);

/// The same without its article, beside a figure: "sweeper’s wait".
std::string stage_label(std::string_view stage);

/// How the values of a metric are written.
enum class Measure { kLength, kRatio, kShare, kCount, kPlain };

struct MetricWords {
  std::string title;   ///< "Quota given away"
  std::string detail;  ///< "most calls admitted against the limit"
  std::string clause;  ///< of a miss, continued by the value: "a subscription gets"
  std::string after;   ///< and closed by: "its limit"
  Measure measure;
  std::string change;  ///< of a window metric: its change, else empty
};
/// `unit` as in schema::Metric; may be empty, then the name decides.
MetricWords metric_words(std::string_view metric, std::string_view unit);

/// A value of the metric, measured or (Length::kChosen) chosen by a person.
enum class Length { kMeasured, kChosen };
std::string value_words(double value, Measure measure, Length length);

/// What a wrong decision overlooked, after "although": "the quota was used up", "the token was revoked".
std::string error_reason(std::string_view error, std::string_view why);

/// "let through wrongly".
std::string error_words(std::string_view error);

/// What met what when a change came from another database: "two rows with one key", and what that means.
struct ConflictWords {
  std::string name;
  std::string meaning;
};
ConflictWords conflict_words(std::string_view kind);

/// A token without words of its own: "new_stage" -> "new stage".
std::string spaced(std::string_view token);

}  // namespace parallax::reports
