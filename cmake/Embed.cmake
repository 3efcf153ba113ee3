# parallax_embed(library.cpp FUNCTION carried_library ROOT ${CMAKE_CURRENT_SOURCE_DIR}/library FILES ${texts}): text files
# become a source, so that the binary needs no other file. What it defines is declared in scenarios/data/carried_file.h.
function(parallax_embed output)
  cmake_parse_arguments(ARG "" "FUNCTION;ROOT" "FILES" ${ARGN})
  set(list ${output}.list)
  list(SORT ARG_FILES)
  string(REPLACE ";" "\n" lines "${ARG_FILES}")
  file(GENERATE OUTPUT ${list} CONTENT "${lines}\n")
  add_custom_command(
    OUTPUT ${output}
    COMMAND ${CMAKE_COMMAND} -D OUTPUT=${output} -D FUNCTION=${ARG_FUNCTION} -D ROOT=${ARG_ROOT} -D FILES=${list}
            -P ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    DEPENDS ${ARG_FILES} ${list} ${PROJECT_SOURCE_DIR}/cmake/embed_files.cmake
    VERBATIM)
endfunction()
