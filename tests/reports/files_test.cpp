#include "reports/files.h"

#include <unistd.h>

#include <catch2/catch.hpp>
#include <fstream>
#include <iterator>
#include <string>

namespace parallax::reports {
namespace {

namespace fs = std::filesystem;

class Folder {
 public:
  Folder() : path_(fs::temp_directory_path() / ("parallax_files_test_" + std::to_string(::getpid()))) {
    fs::remove_all(path_);
    fs::create_directory(path_);
  }
  ~Folder() { fs::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  fs::path operator/(const char* name) const { return path_ / name; }

  std::size_t files() const {
    return static_cast<std::size_t>(std::distance(fs::directory_iterator(path_), fs::directory_iterator{}));
  }

 private:
  fs::path path_;
};

std::string content(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST_CASE("a file is written with the folders above it, and no temporary file is left") {
  const Folder folder;
  const std::string text("a\0b", 3);
  write_atomically(folder / "deep/er/result.json", text);
  CHECK(content(folder / "deep/er/result.json") == text);
  CHECK(std::distance(fs::directory_iterator(folder / "deep/er"), fs::directory_iterator{}) == 1);
}

TEST_CASE("a second write replaces the first, also by less") {
  const Folder folder;
  write_atomically(folder / "report.html", std::string(100'000, 'x'));
  write_atomically(folder / "report.html", "short");
  CHECK(content(folder / "report.html") == "short");
  CHECK(folder.files() == 1);
}

TEST_CASE("a failed write names the file, throws and leaves nothing behind") {
  const Folder folder;
  fs::create_directory(folder / "taken");
  write_atomically(folder / "taken/inside", "kept");
  CHECK_THROWS_AS(write_atomically(folder / "taken", "x"), OutputError);
  CHECK_THROWS_WITH(write_atomically(folder / "taken", "x"), Catch::Contains("taken"));
  CHECK(content(folder / "taken/inside") == "kept");
  CHECK(folder.files() == 1);

  write_atomically(folder / "file", "kept");
  CHECK_THROWS_AS(write_atomically(folder / "file/below.json", "x"), OutputError);
  CHECK(content(folder / "file") == "kept");
}

TEST_CASE("a file that is written piece by piece appears when it is whole, and not before") {
  const Folder folder;
  const std::string large(3'000'000, 'x');
  {
    AtomicFile file{folder / "history.edn"};
    file.write("first ");
    file.write(large);
    file.write(" last");
    CHECK_FALSE(fs::exists(folder / "history.edn"));
    file.commit();
  }
  CHECK(content(folder / "history.edn") == "first " + large + " last");
  CHECK(folder.files() == 1);
  { AtomicFile(folder / "history.edn").write("given up"); }
  CHECK(content(folder / "history.edn").size() == large.size() + 11);
  CHECK(folder.files() == 1);
}

}  // namespace
}  // namespace parallax::reports
