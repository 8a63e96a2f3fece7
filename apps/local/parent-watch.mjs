// Preloaded into every process that `npm start` spawns: when the supervisor is gone, even by kill -9, the process ends by itself.
if (process.channel) {
  process.once('disconnect', () => {
    process.kill(process.pid, 'SIGTERM')
    setTimeout(() => process.exit(1), 5000).unref()
  })
  process.channel.unref()
}
