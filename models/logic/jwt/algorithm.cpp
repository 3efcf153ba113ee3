#include "models/logic/jwt/algorithm.h"

namespace parallax::logic::jwt {

namespace {

constexpr std::array<std::string_view, kAlgorithms.size()> kAlgorithmNames{"RS256", "ES256", "HS256"};

}  // namespace

std::string_view name_of(Algorithm algorithm) { return kAlgorithmNames[static_cast<std::size_t>(algorithm)]; }

std::optional<Algorithm> algorithm_of(std::string_view name) {
  for (const Algorithm algorithm : kAlgorithms) {
    if (name == name_of(algorithm)) return algorithm;
  }
  return std::nullopt;
}

}  // namespace parallax::logic::jwt
