#include "scenarios/fingerprints.h"

#include <catch2/catch.hpp>

namespace parallax::scenarios {
namespace {

using sim::milliseconds;
using sim::RecordId;
using sim::seconds;
using sim::SiteId;
using sim::VirtualTime;

sim::Record record(sim::Duration at, std::uint16_t site, std::uint64_t number) {
  return {VirtualTime{at.ns}, RecordId::of(SiteId{site}, number), {}, {1, 2, 3, 4, 5}};
}

/// The third one stands exactly at the end of the first second and so belongs to the next.
const std::vector<sim::Record> kJournal{record(milliseconds(200), 0, 1), record(milliseconds(900), 1, 1),
                                        record(seconds(1), 0, 2), record(milliseconds(3500), 1, 2)};

/// What stands for the journal's first records.
std::string digits_after(std::size_t records) {
  Fingerprints fingerprints(2);
  fingerprints.read(std::span(kJournal).first(records));
  return sim::to_hex(fingerprints.total()).substr(0, 8);
}

TEST_CASE("each second ends with the first eight digits of what happened before its end") {
  Fingerprints fingerprints(2);
  fingerprints.read(kJournal);
  // 0.2 s and 0.9 s; 1 s; nothing; 3.5 s.
  const std::string expected = digits_after(2) + digits_after(3) + digits_after(3) + digits_after(4);
  CHECK(expected.size() == 4 * 8);
  CHECK(fingerprints.checkpoints(VirtualTime{seconds(4).ns}) == expected);
}

TEST_CASE("a second that the run does not finish has no checkpoint") {
  Fingerprints fingerprints(2);
  fingerprints.read(kJournal);
  CHECK(fingerprints.checkpoints(VirtualTime{milliseconds(3900).ns}).size() == 3 * 8);
  CHECK(Fingerprints(1).checkpoints(VirtualTime{milliseconds(999).ns}).empty());
}

TEST_CASE("a journal that is read in pieces has the same fingerprints") {
  Fingerprints whole(2);
  whole.read(kJournal);
  Fingerprints pieces(2);
  for (std::size_t i = 0; i < kJournal.size(); ++i) pieces.read(std::span(kJournal).subspan(i, 1));
  CHECK(pieces.total() == whole.total());
  CHECK(pieces.of_site(1) == whole.of_site(1));
  CHECK(pieces.records_of_site(0) == 2);
  CHECK(pieces.checkpoints(VirtualTime{seconds(4).ns}) == whole.checkpoints(VirtualTime{seconds(4).ns}));
}

TEST_CASE("a record counts for its own site and for the whole") {
  Fingerprints fingerprints(2);
  fingerprints.read(std::span(kJournal).first(1));
  const sim::Fingerprint here = fingerprints.of_site(0);
  const sim::Fingerprint whole = fingerprints.total();
  fingerprints.read(std::span(kJournal).subspan(1, 1));  // at the other site
  CHECK(fingerprints.of_site(0) == here);
  CHECK(fingerprints.total() != whole);
}

}  // namespace
}  // namespace parallax::scenarios
