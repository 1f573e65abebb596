"""The fixtures of this folder, made where other suites can take them from too."""

from tests.gateways.emulator_process import emulator, emulator_process, new_emulator, receiver

__all__ = ["emulator", "emulator_process", "new_emulator", "receiver"]
