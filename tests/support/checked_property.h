// rapidcheck within Catch2, with a fixed seed: a test must give the same answer tomorrow and on another machine.
#pragma once

#include <rapidcheck.h>
#include <rapidcheck/detail/TestListenerAdapter.h>

#include <catch2/catch.hpp>
#include <sstream>
#include <string>

namespace parallax::testing {

/// Draws `worlds` examples, whatever RC_PARAMS says, and shrinks one that breaks the property.
template <typename Property>
void check(const std::string& name, int worlds, const Property& property) {
  struct Silent : rc::detail::TestListenerAdapter {};
  rc::detail::TestParams params;
  params.seed = 20'260'101;
  params.maxSuccess = worlds;
  rc::detail::TestMetadata metadata;
  metadata.id = name;
  metadata.description = name;
  Silent silent;
  const auto result = rc::detail::checkProperty(rc::detail::toProperty(property), metadata, params, silent, {});
  std::ostringstream message;
  rc::detail::printResultMessage(result, message);
  INFO(message.str());
  CHECK(result.template is<rc::detail::SuccessResult>());
}

/// From `least` to below `limit`, all alike: rapidcheck by itself begins with small numbers.
template <typename Integer>
Integer pick(Integer least, Integer limit) {
  return *rc::gen::resize(rc::kNominalSize, rc::gen::inRange<Integer>(least, limit));
}

}  // namespace parallax::testing
