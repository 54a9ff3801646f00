#!/usr/bin/env node
// The same as run.js, which knows by this name to run the source.
import './run.js'
