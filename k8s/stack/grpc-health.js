// Run in the scaler's container by `./stack test`: grpc.health.v1.Health/Check of the process beside it. Its request is
// empty and so is its encoding; the answer's one field is the status.
void import('@grpc/grpc-js').then(({ default: grpc }) => {
  const fs = process.getBuiltinModule('node:fs');
  const {
    FORESCALE_GRPC_ADDRESS: address = ':6000',
    FORESCALE_TLS_CERT_FILE: cert,
    FORESCALE_TLS_KEY_FILE: key,
  } = process.env;
  const credentials =
    cert && key
      ? grpc.credentials.createSsl(fs.readFileSync(cert), fs.readFileSync(key), fs.readFileSync(cert), {
          // Asked is the address, not the name, and the process is known: it is this container's.
          rejectUnauthorized: false,
        })
      : grpc.credentials.createInsecure();
  const client = new grpc.Client(`127.0.0.1:${address.split(':').at(-1)}`, credentials);
  const asItIs = (bytes) => bytes;
  client.makeUnaryRequest(
    '/grpc.health.v1.Health/Check',
    asItIs,
    asItIs,
    Buffer.alloc(0),
    { deadline: Date.now() + 5000 },
    (error, answer) => {
      const isServing = answer?.equals(Buffer.from([8, 1])) ?? false;
      console.log(isServing ? 'SERVING' : `not serving: ${error?.message ?? 'another status'}`);
      process.exit(isServing ? 0 : 1);
    },
  );
});
