#include "reports/files.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace parallax::reports {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kBuffered = std::size_t{1} << 20;

// 0 or the error number.
int write_all(int fd, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(fd, content.data(), content.size());
    if (written < 0 && errno != EINTR) return errno;
    if (written > 0) content.remove_prefix(static_cast<std::size_t>(written));
  }
  return 0;
}

// The rename itself is safe on the disk once its folder is; file systems that cannot do it say so, and lose nothing.
void sync_folder(const fs::path& folder) {
  const int directory = ::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (directory < 0) return;
  ::fsync(directory);
  ::close(directory);
}

}  // namespace

void AtomicFile::fail(int error) const {
  throw OutputError(fmt::format("cannot write {}: {}", path_.string(), std::generic_category().message(error)));
}

// The process number keeps two runs into one folder apart; it never reaches an output.
AtomicFile::AtomicFile(fs::path path) : path_{std::move(path)} {
  const fs::path folder = path_.has_parent_path() ? path_.parent_path() : fs::path(".");
  std::error_code problem;
  fs::create_directories(folder, problem);
  if (problem) fail(problem.value());
  temporary_ = folder / fmt::format(".{}.{}.tmp", path_.filename().string(), ::getpid());
  descriptor_ = ::open(temporary_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0) fail(errno);
}

AtomicFile::~AtomicFile() {
  if (descriptor_ < 0) return;
  ::close(descriptor_);
  ::unlink(temporary_.c_str());
}

// What is large enough by itself is not copied.
void AtomicFile::write(std::string_view content) {
  if (buffer_.size() + content.size() >= kBuffered) flush();
  if (content.size() < kBuffered) {
    buffer_ += content;
  } else if (const int error = write_all(descriptor_, content); error != 0) {
    fail(error);
  }
}

void AtomicFile::flush() {
  const int error = write_all(descriptor_, buffer_);
  buffer_.clear();
  if (error != 0) fail(error);
}

void AtomicFile::commit() {
  flush();
  if (::fsync(descriptor_) != 0) fail(errno);
  if (::rename(temporary_.c_str(), path_.c_str()) != 0) fail(errno);
  ::close(std::exchange(descriptor_, -1));
  sync_folder(temporary_.parent_path());
}

void write_atomically(const fs::path& path, std::string_view content) {
  AtomicFile file{path};
  file.write(content);
  file.commit();
}

}  // namespace parallax::reports
