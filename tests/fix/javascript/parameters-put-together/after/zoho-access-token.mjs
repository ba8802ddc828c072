authshift helper: es-module
