// Words for what records say, where models/domain has none: for traces and for the journal as text.
#pragma once

#include <string_view>

#include "models/domain/journal.h"

namespace parallax::scenarios {

std::string_view word_of(domain::RecordKind kind);
std::string_view word_of(domain::Ending ending);
std::string_view word_of(domain::Abandoned why);
std::string_view word_of(domain::EventLoss why);
std::string_view word_of(domain::SiteChange change);
std::string_view word_of(domain::StreamChange change);
std::string_view word_of(domain::RowOperation operation);
std::string_view word_of(domain::RowMeans means);

}  // namespace parallax::scenarios
