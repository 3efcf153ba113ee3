// Where two results of one scenario begin to differ: by the fingerprints of their runs and sites, and by the checkpoint
// that runs keep of each virtual second.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "scenarios/schema/suite.pb.h"

namespace parallax::scenarios::suite {

struct Difference {
  std::uint64_t seed{0};
  std::string site;                       ///< the first whose journal differs
  std::size_t sites{0};                   ///< how many differ
  std::optional<std::uint64_t> second{};  ///< of virtual time, from 0; unknown without checkpoints

  friend bool operator==(const Difference&, const Difference&) = default;
};

/// Of the first seed that both ran and that differs; nothing if there is none.
std::optional<Difference> first_difference(const schema::SuiteRecord& before, const schema::SuiteRecord& now);

}  // namespace parallax::scenarios::suite
