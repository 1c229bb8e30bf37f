#!/usr/bin/env node
import { operatorProgram } from '../cli/operator-program';
import { run } from '../cli/program';

void run(operatorProgram(), process.argv);
