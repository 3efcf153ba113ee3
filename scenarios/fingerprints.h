// Fingerprints of a run's journal: one for each site, one over the sites in their order, and a checkpoint for each
// virtual second, so that a mismatch can be narrowed to the second in which it began.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "sim/fingerprint.h"
#include "sim/record.h"

namespace parallax::scenarios {

class Fingerprints {
 public:
  explicit Fingerprints(std::size_t sites) : sites_(sites) {}

  void read(std::span<const sim::Record> journal);

  sim::Fingerprint of_site(std::size_t site) const { return sites_[site].hasher.digest(); }
  std::uint64_t records_of_site(std::size_t site) const { return sites_[site].records; }
  sim::Fingerprint total() const;

  /// The first 8 hex digits of total() at the end of each second up to `end`.
  std::string checkpoints(sim::VirtualTime end);

 private:
  struct Site {
    sim::Hasher hasher;
    std::uint64_t records{0};
  };
  void advance_to(sim::VirtualTime t);

  std::vector<Site> sites_;
  std::string checkpoints_;
  sim::VirtualTime next_{sim::seconds(1).ns};
};

}  // namespace parallax::scenarios
