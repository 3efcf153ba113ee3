#include "scenarios/fingerprints.h"

namespace parallax::scenarios {

void Fingerprints::read(std::span<const sim::Record> journal) {
  for (const sim::Record& record : journal) {
    if (record.time >= next_) advance_to(record.time);
    Site& site = sites_[sim::index(record.id.site())];
    site.hasher.add(record);
    ++site.records;
  }
}

sim::Fingerprint Fingerprints::total() const {
  sim::Hasher hasher;
  for (const Site& site : sites_) hasher.add(site.hasher.digest());
  return hasher.digest();
}

void Fingerprints::advance_to(sim::VirtualTime t) {
  const std::string digits = to_hex(total()).substr(0, 8);
  for (; next_ <= t; next_ = next_ + sim::seconds(1)) checkpoints_ += digits;
}

std::string Fingerprints::checkpoints(sim::VirtualTime end) {
  advance_to(end);
  return checkpoints_;
}

}  // namespace parallax::scenarios
