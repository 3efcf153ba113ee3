// Output files appear whole or not at all.
#pragma once

#include <filesystem>
#include <stdexcept>
#include <string>
#include <string_view>

namespace parallax::reports {

/// The file could not be written; the message names it and says why.
struct OutputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// Creates the folders above `path`, and a temporary file beside it that is written piece by piece; commit() brings it
/// to the disk and renames it. Where that is not called, or throws OutputError as the others may, `path` is as it was
/// before and no temporary file is left.
class AtomicFile {
 public:
  explicit AtomicFile(std::filesystem::path path);
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();

  void write(std::string_view content);
  void commit();

 private:
  void flush();
  [[noreturn]] void fail(int error) const;

  std::filesystem::path path_;
  std::filesystem::path temporary_;
  std::string buffer_;
  int descriptor_{-1};
};

/// The same of a content that is at hand.
void write_atomically(const std::filesystem::path& path, std::string_view content);

}  // namespace parallax::reports
