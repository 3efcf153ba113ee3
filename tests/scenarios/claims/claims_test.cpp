// The claims of the seed texts: each paragraph has its row or is said to claim nothing, and each verdict is asserted by
// an expectation that stands in a scenario of the library or by a test that there is.
#include "scenarios/claims/claims.h"

#include <fmt/format.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "scenarios/load.h"

namespace parallax::scenarios {
namespace {

const std::filesystem::path kSource{PARALLAX_SOURCE_DIR};

std::string contents(const std::filesystem::path& file) {
  std::ifstream stream(file);
  REQUIRE(stream);
  std::ostringstream text;
  text << stream.rdbuf();
  return text.str();
}

std::set<std::string> expectations_of(const std::string& scenario) {
  const LoadOutcome outcome = load_file(kSource / "scenarios" / "library" / (scenario + ".txtpb"), {});
  std::set<std::string> names;
  if (!outcome.loaded) return names;
  CHECK(outcome.loaded->scenario.name() == scenario.substr(scenario.rfind('/') + 1));
  for (const auto& expectation : outcome.loaded->scenario.expectations()) {
    names.insert(expectation.metric() + (expectation.at_most().empty() ? "/at_least" : "/at_most"));
  }
  return names;
}

// Source files break long names of cases in no way, and quote none.
bool is_test(const std::string& test) {
  const std::size_t colon = test.find(": ");
  if (colon == std::string::npos) return false;
  const std::filesystem::path file = kSource / test.substr(0, colon);
  return std::filesystem::exists(file) &&
         contents(file).find("TEST_CASE(\"" + test.substr(colon + 2) + "\"") != std::string::npos;
}

void check_evidence(const schema::Evidence& evidence, std::map<std::string, std::set<std::string>>& expectations) {
  if (!evidence.test().empty()) {
    INFO(evidence.test());
    CHECK(is_test(evidence.test()));
    return;
  }
  INFO(evidence.scenario() << ": " << evidence.expectation());
  const auto [known, is_new] = expectations.try_emplace(evidence.scenario());
  if (is_new) known->second = expectations_of(evidence.scenario());
  CHECK(known->second.count(evidence.expectation()) == 1);
}

TEST_CASE("what is built in is the library's file") {
  schema::Claims file;
  REQUIRE(google::protobuf::TextFormat::ParseFromString(contents(kSource / "scenarios/library/claims.txtpb"), &file));
  CHECK(library_claims().SerializeAsString() == file.SerializeAsString());
}

TEST_CASE("each row has an id of its own, words and a verdict") {
  std::set<std::string> ids;
  const schema::Claims claims = library_claims();
  for (const schema::SeedText& text : claims.texts()) {
    for (const schema::Claim& claim : text.claims()) {
      INFO(claim.id());
      CHECK(ids.insert(claim.id()).second);
      CHECK(claim.id().substr(0, 4) == text.file().substr(0, 3) + "-");
      CHECK(claim.says().size() > 10);
      CHECK(!claim.because().empty());
      CHECK(claim.verdict() != schema::UNJUDGED);
      CHECK(claim.evidence().empty() == (claim.verdict() == schema::NOT_MODELLED));
    }
  }
  CHECK(ids.size() > 100);
}

TEST_CASE("each paragraph of each text has a claim, or is said to have none") {
  const schema::Claims claims = library_claims();
  CHECK(claims.texts_size() == 5);
  for (const schema::SeedText& text : claims.texts()) {
    std::vector<int> told(text.paragraphs() + 1);
    for (const schema::Claim& claim : text.claims()) {
      CHECK(!claim.paragraphs().empty());
      for (const std::uint32_t paragraph : claim.paragraphs()) {
        INFO(claim.id() << ", paragraph " << paragraph);
        REQUIRE(paragraph < told.size());
        told[paragraph] = 1;
      }
    }
    for (const schema::Silence& silence : text.silent()) {
      CHECK(!silence.why().empty());
      for (std::uint32_t paragraph = silence.from(); paragraph <= std::max(silence.from(), silence.to()); ++paragraph) {
        INFO(text.file() << ", paragraph " << paragraph << " claims something, or is silent twice");
        REQUIRE(paragraph < told.size());
        CHECK(std::exchange(told[paragraph], 1) == 0);
      }
    }
    for (std::size_t paragraph = 1; paragraph < told.size(); ++paragraph) {
      INFO(text.file() << ", paragraph " << paragraph << " has neither a claim nor a reason for having none");
      CHECK(told[paragraph] == 1);
    }
  }
}

TEST_CASE("each verdict is asserted by an expectation or a test that there is") {
  std::map<std::string, std::set<std::string>> expectations;
  const schema::Claims claims = library_claims();
  for (const schema::SeedText& text : claims.texts()) {
    for (const schema::Claim& claim : text.claims()) {
      INFO(claim.id());
      for (const schema::Evidence& evidence : claim.evidence()) check_evidence(evidence, expectations);
    }
  }
  CHECK(expectations.size() > 30);
}

}  // namespace
}  // namespace parallax::scenarios
