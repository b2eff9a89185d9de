/** Entry of the compute worker: the study behind the message port of a thread. */
import { nodeEnvironment } from './environment';
import { serve } from './serve';
import { STUDY } from './study-service';
import { threadPort } from './thread-port';

serve(threadPort(), STUDY, nodeEnvironment);
