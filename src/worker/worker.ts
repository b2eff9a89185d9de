/** Entry of the compute worker: the study behind the message port of a thread. */
import { chooseKernels } from '../study/kernel-choice';
import { nodeEnvironment } from './environment';
import { serve } from './serve';
import { STUDY } from './study-service';
import { threadPort, VARIABLES } from './thread-port';

chooseKernels(VARIABLES);
serve(threadPort(), STUDY, nodeEnvironment);
