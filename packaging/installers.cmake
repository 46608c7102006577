# SPDX-License-Identifier: GPL-3.0-or-later
# The installers made of what the install() rules name: `cpack -G DEB` on Debian and Ubuntu,
# `cpack -G NSIS` on Windows (packaging/windows.md). The last line of the top CMakeLists.txt includes it.
if(WIN32)
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/projects DESTINATION . FILES_MATCHING PATTERN *.json)
else()
    install(DIRECTORY ${PROJECT_SOURCE_DIR}/projects DESTINATION share/cohelix
            FILES_MATCHING PATTERN *.json)
endif()

set(CPACK_PACKAGE_NAME cohelix)
set(CPACK_PACKAGE_VENDOR Cohelix)
set(CPACK_PACKAGE_CONTACT "The authors of Cohelix")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY ${PROJECT_DESCRIPTION})
set(CPACK_RESOURCE_FILE_LICENSE ${PROJECT_SOURCE_DIR}/LICENSE)
set(CPACK_PACKAGE_INSTALL_DIRECTORY Cohelix)
set(CPACK_STRIP_FILES ON)
set(CPACK_VERBATIM_VARIABLES ON)

if(WIN32)
    set(CPACK_GENERATOR NSIS)
    set(CPACK_PACKAGE_EXECUTABLES cohelix Cohelix)
    set(CPACK_NSIS_ENABLE_UNINSTALL_BEFORE_INSTALL ON)
    set(CPACK_NSIS_INSTALLED_ICON_NAME bin/cohelix.exe)
else()
    set(CPACK_GENERATOR DEB)
    set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
    set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
    set(CPACK_DEBIAN_PACKAGE_SECTION science)
    # The libraries and their versions are read from the programs (needs dpkg-dev and file).
    set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
    # Loaded by name or read as data, so that no program mentions them: Qt's platform plugins, a font;
    # the fast BLAS, Wayland and the example's images.
    set(CPACK_DEBIAN_PACKAGE_DEPENDS "qt6-qpa-plugins, fonts-dejavu-core")
    set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libopenblas0-pthread, qt6-wayland, dataset-fashion-mnist")
endif()
include(CPack)
