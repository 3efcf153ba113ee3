#include "cli/output_files.h"

#include <fmt/format.h>

#include <system_error>

#include "reports/files.h"
#include "reports/json.h"
#include "reports/run/run_page.h"

namespace parallax::cli {
namespace {

double requests_per_second(const scenarios::Timing& timing) {
  return timing.wall_seconds > 0 ? static_cast<double>(timing.requests) / timing.wall_seconds : 0;
}

std::string timing_json(const scenarios::Timing& timing) {
  return fmt::format(
      "{{\n  \"wall_seconds\": {},\n  \"requests\": {},\n  \"events\": {},\n  \"requests_per_second\": {:.0f}\n}}\n",
      timing.wall_seconds, timing.requests, timing.events, requests_per_second(timing));
}

}  // namespace

void prepare_folder(const std::filesystem::path& folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw reports::OutputError(fmt::format("{}: cannot be created: {}", folder.string(), error.message()));
}

void write_result(const std::filesystem::path& folder, const schema::Result& result) {
  reports::write_atomically(folder / "report.html", reports::run_page(result));
  reports::write_atomically(folder / "result.json", reports::to_json(result));
}

void write_files(const std::filesystem::path& folder, const scenarios::RunOutput& output) {
  write_result(folder, output.result);
  reports::write_atomically(folder / "timing.json", timing_json(output.timing));
}

std::string speed_line(const scenarios::Timing& timing) {
  return fmt::format("simulated {} requests in {:.2f} s: {:.0f} requests/s", timing.requests, timing.wall_seconds,
                     requests_per_second(timing));
}

}  // namespace parallax::cli
